'use strict';
// module.registerHooks(): functions of the program that stand between a name and the module that it
// means, and between a module's URL and its text
// (https://nodejs.org/api/module.html#customization-hooks). They are asked in turn, the one that was
// registered last first; the last step is what the loader does without them.
const { codes } = require('internal/errors/codes');
const { validateFunction } = require('internal/errors/validators');
const { custom } = require('internal/modules/loader');

const chain = []; // in the order of their registration
let remote; // those of module.register(), which come after the others

// Formats of modules that no text makes.
const WITHOUT_TEXT = new Set(['addon', 'builtin']);

const isText = (value) => typeof value === 'string';
const isBytes = (value) =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;

function checkProperty(ok, expected, hook, name, value) {
  if (!ok) throw new codes.ERR_INVALID_RETURN_PROPERTY_VALUE(expected, hook, name, value);
}

function checkFormat(hook, format) {
  checkProperty(format == null || isText(format), 'a string', hook, 'format', format);
}

const checks = {
  resolve({ url, format }) {
    checkProperty(isText(url), 'a URL string', 'resolve', 'url', url);
    checkFormat('resolve', format);
  },
  load({ exports, source, format, unread }) {
    const without = exports !== undefined || unread || WITHOUT_TEXT.has(format);
    const ok = (without && source == null) || isText(source) || isBytes(source);
    checkProperty(ok, 'a string, an ArrayBuffer, or a TypedArray', 'load', 'source', source);
    checkFormat('load', format);
  },
};

/** How hooks that return their results are called, and what these must be. */
const synchronous = {
  call: (hook, then) => then(hook()),
  check(name, result, complete) {
    if (result == null) throw new codes.ERR_INVALID_RETURN_VALUE('an object', name, result);
    checkProperty(complete, 'true', name, 'shortCircuit', result.shortCircuit);
    checks[name](result);
  },
};

/**
 * Asks the hooks of a name, the one that was registered last first.
 * @param {'resolve' | 'load'} name
 * @param {object[]} hooks  in the order of their registration
 * @param {string} given  the specifier, or the URL
 * @param {object} context  which the hooks share
 * @param {(given: string, context: object) => object} last  what is done without hooks
 * @param {{ call: (hook: () => any, then: (result: any) => any) => any,
 *     check: (name: string, result: any, complete: boolean) => void }} [way]  check() throws; complete:
 *     whether the chain was asked to its end, or a hook said that it need not be
 */
function ask(name, hooks, given, context, last, way = synchronous) {
  const asked = hooks.filter((one) => typeof one[name] === 'function');
  let reached = asked.length;
  const step = (index) => (value, own) => {
    const hook = () => {
      reached = index;
      if (own != null && own !== context) Object.assign(context, own);
      const fn = asked[index - 1]?.[name] ?? last;
      return Reflect.apply(fn, undefined, [value, context, step(index - 1)]);
    };
    return way.call(hook, (result) => {
      way.check(name, result, index === 0 || reached !== index || Boolean(result?.shortCircuit));
      return result;
    });
  };
  return step(asked.length)(given, context);
}

/** The hooks that an import, or a require(), goes through. */
const hooksOf = (imports) => (imports && remote !== undefined ? [remote, ...chain] : chain);

function update() {
  custom.hooks =
    chain.length > 0 || remote !== undefined ? require('internal/modules/hooked') : undefined;
}

/**
 * Registers hooks.
 * @param {{ resolve?: Function, load?: Function }} options
 * @returns {{ deregister(): void }}
 */
function registerHooks(options) {
  const { resolve, load } = options;
  if (resolve) validateFunction(resolve, 'hooks.resolve');
  if (load) validateFunction(load, 'hooks.load');
  const hooks = { resolve: resolve || undefined, load: load || undefined };
  chain.push(hooks);
  update();
  return new ModuleHooks(hooks);
}

class ModuleHooks {
  #hooks;
  constructor(hooks) {
    Object.assign(this, hooks);
    this.#hooks = hooks;
  }
  deregister() {
    const index = chain.indexOf(this.#hooks);
    if (index >= 0) chain.splice(index, 1);
    update();
  }
}

/** Has imports go through hooks in another thread, after all others. */
function setRemote(hooks) {
  remote = hooks;
  update();
}

module.exports = { ask, hooksOf, registerHooks, setRemote };
