'use strict';
// process.permission, and what process.getPermissions() returns. docs/permissions.md
const native = binding('permission');
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');

/** The arguments of has() and drop(), of which a reference may be bytes. */
function ask(call, scope, reference) {
  validateString(scope, 'scope');
  if (reference === undefined) return call(scope);
  if (typeof reference !== 'string' && !(reference instanceof Uint8Array))
    throw new codes.ERR_INVALID_ARG_TYPE('reference', ['string', 'Uint8Array'], reference);
  return call(
    scope,
    typeof reference === 'string' ? reference : new TextDecoder().decode(reference),
  );
}

const unknown = (scope) =>
  new codes.ERR_INVALID_ARG_VALUE(
    'scope',
    scope,
    `must be one of ${native.scopes.replaceAll(' ', ', ')}`,
  );

// By the bits of confined().
const CONFINED = ['files', 'listen', 'connect', 'signal'];

const permission = {
  /** What the kernel (Landlock) refuses as well: of 'files', 'listen', 'connect', 'signal'. */
  get confined() {
    const bits = native.confined();
    return CONFINED.filter((name, i) => bits & (1 << i));
  },

  /**
   * Whether all of a scope is allowed, or what a reference names.
   * @param {string} scope
   * @param {string} [reference] a path, an address, a name, as in the flags
   */
  has(scope, reference) {
    return ask(native.has, scope, reference) ?? false;
  },

  /**
   * Denies it from now on, to this task and to those that it starts later. What is open stays open.
   * @param {string} scope
   * @param {string} [reference] all of the scope without it
   */
  drop(scope, reference) {
    const wrong = ask(native.drop, scope, reference);
    if (wrong === undefined) throw unknown(scope);
    if (wrong !== '') throw new codes.ERR_INVALID_ARG_VALUE('reference', reference, wrong);
  },
};

/** What this task may do, as a policy file has it. */
function getPermissions() {
  return JSON.parse(native.policy());
}

/** Has `permission` told of what the policy would not have allowed. */
function startAudit() {
  const task = binding('task').id;
  native.audit((scope, resource, stack) => {
    process.nextTick(() => process.emit('permission', { scope, resource, task, stack }));
  });
}

module.exports = { getPermissions, permission: Object.freeze(permission), startAudit };
