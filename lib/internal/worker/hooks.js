'use strict';
// In the thread of the hooks of module.register(): loads the modules that export them, and asks them for
// the thread that waits (internal/worker/register).
const { codes } = require('internal/errors/codes');
const { importFrom } = require('internal/modules/esm');
const { readForImport, resolveForImport } = require('internal/modules/hooked');
const { sendError } = require('internal/worker/errors');

const ENDED = -1;
const chain = []; // in the order of their registration

/** Asks the hooks of a name, the one that was registered last first. */
async function ask(name, given, context, last) {
  const asked = chain.filter((one) => typeof one[name] === 'function');
  let reached = asked.length;
  const step = (index) => async (value, own) => {
    reached = index;
    if (own != null && own !== context) Object.assign(context, own);
    const hook = asked[index - 1]?.[name] ?? last;
    const result = await Reflect.apply(hook, undefined, [value, context, step(index - 1)]);
    if (result === null || typeof result !== 'object')
      throw new codes.ERR_INVALID_RETURN_VALUE('an object', name, result);
    if (index > 0 && reached === index && !result.shortCircuit)
      throw new codes.ERR_LOADER_CHAIN_INCOMPLETE(name);
    return result;
  };
  return step(asked.length)(given, context);
}

/** A module of CommonJS is read by the thread that waits, unless a hook gives its text. */
function readUnlessCommonJS(url, context) {
  const loaded = readForImport(url, context);
  if (loaded.format === 'commonjs') loaded.source = null;
  return loaded;
}

async function registerHooks({ name, parent, data }) {
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
  const { format, importAttributes, source, url } = await ask(kind, given, context, last);
  return kind === 'resolve' ? { format, importAttributes, url } : { format, source };
}

/** Answers what the other thread asks. @param {{ port: MessagePort, state: Int32Array }} given */
function begin({ port, state }) {
  process.on('exit', (code) => {
    Atomics.store(state, 1, code);
    Atomics.store(state, 0, ENDED);
    Atomics.notify(state, 0);
  });
  port.on('message', async (question) => {
    try {
      port.postMessage({ value: await answerTo(question) });
    } catch (error) {
      sendError(error, (form) => port.postMessage({ error: form }));
    }
    Atomics.add(state, 0, 1);
    Atomics.notify(state, 0);
  });
}

module.exports = { begin };
