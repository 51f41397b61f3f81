'use strict';
// In the thread of the hooks of module.register(): loads the modules that export them, and asks them for
// the thread that waits (internal/worker/register).
const { codes } = require('internal/errors/codes');
const { importFrom } = require('internal/modules/esm');
const { readForImport, resolveForImport } = require('internal/modules/hooked');
const { ask } = require('internal/modules/hooks');
const { sendError } = require('internal/worker/errors');

const ENDED = -1;
const chain = []; // in the order of their registration

/** These hooks may return promises. */
const asynchronous = {
  call: async (hook, then) => then(await hook()),
  check(name, result, complete) {
    if (result === null || typeof result !== 'object')
      throw new codes.ERR_INVALID_RETURN_VALUE('an object', name, result);
    if (!complete) throw new codes.ERR_LOADER_CHAIN_INCOMPLETE(name);
  },
};

/** A module of CommonJS is read by the thread that waits, unless a hook gives its text. */
function readUnlessCommonJS(url, context) {
  const loaded = readForImport(url, context);
  if (loaded.format === 'commonjs') loaded.source = null;
  return loaded;
}

async function registerHooks({ given: name, parent, data }) {
  const from = parent.startsWith('file:') ? require('url').fileURLToPath(parent) : parent;
  const base = from.startsWith('/') ? from : `${process.cwd()}/.`;
  const hooks = await importFrom(base, parent)(name);
  await hooks.initialize?.(data);
  chain.push(hooks);
}

async function answerTo(question) {
  if (question.kind === 'register') return registerHooks(question);
  const { kind, given, context } = question;
  const last = kind === 'resolve' ? resolveForImport : readUnlessCommonJS;
  const { format, importAttributes, source, url } = await ask(
    kind,
    chain,
    given,
    context,
    last,
    asynchronous,
  );
  return kind === 'resolve' ? { format, importAttributes, url } : { format, source };
}

/**
 * Answers what the other thread asks, one question after another.
 * @param {{ port: MessagePort, state: Int32Array }} given
 */
function begin({ port, state }) {
  let owed; // the question that is not answered; meanwhile nothing but its answer keeps this thread
  const answer = (question, form) => {
    if (owed !== question) return;
    port.postMessage(form);
    owed = undefined;
    port.ref();
    Atomics.add(state, 0, 1);
    Atomics.notify(state, 0);
  };
  const fail = (question, error) => sendError(error, (form) => answer(question, { error: form }));
  process.on('beforeExit', () => {
    if (owed !== undefined) fail(owed, new codes.ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED(owed));
  });
  process.on('exit', (code) => {
    Atomics.store(state, 1, code);
    Atomics.store(state, 0, ENDED);
    Atomics.notify(state, 0);
  });
  port.on('message', async (question) => {
    owed = question;
    port.unref();
    try {
      answer(question, { value: await answerTo(question) });
    } catch (error) {
      fail(question, error);
    }
  });
}

module.exports = { begin };
