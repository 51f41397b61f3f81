'use strict';
// module.register(): hooks that are asynchronous, in a thread of their own. This thread waits for their
// answers.
const { codes } = require('internal/errors/codes');
const { validateObject } = require('internal/errors/validators');
const { setRemote } = require('internal/modules/hooks');

const CHECK_MS = 1000;
// What the hooks' thread notes in the shared memory; internal/worker/hooks.
const ENDED = -1;

let thread;

/** The thread of the hooks, which answers one question at a time. */
class HooksThread {
  #port;
  #state = new Int32Array(new SharedArrayBuffer(8)); // how many answers there were, or ENDED; exit code

  constructor() {
    const { MessageChannel } = require('internal/messages/port');
    const { startHooks } = require('internal/worker/worker');
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.unref();
    startHooks({ port: port2, state: this.#state }, [port2]);
  }

  /** Asks, and waits for the answer. */
  ask(question, transfer = []) {
    const { receiveMessageOnPort } = require('internal/messages/port');
    this.#port.postMessage(question, transfer);
    let answer;
    for (;;) {
      const before = Atomics.load(this.#state, 0);
      answer = receiveMessageOnPort(this.#port)?.message;
      if (answer !== undefined) break;
      if (before === ENDED) process.exit(Atomics.load(this.#state, 1));
      // Without a word: it was terminated, or had no memory.
      if (!this.#port._open) throw new codes.ERR_INVALID_STATE('The thread of the hooks has ended');
      Atomics.wait(this.#state, 0, before, CHECK_MS);
    }
    if (answer.error !== undefined) throw require('internal/worker/errors').errorOf(answer.error);
    return answer.value;
  }
}

/** What can be sent of a context. */
const plain = ({ conditions, format, importAttributes, parentURL }) => ({
  conditions,
  format,
  importAttributes: { ...importAttributes },
  parentURL,
});

/** These hooks as one of internal/modules/hooks, after which there are no others. */
const asHooks = {
  resolve: (specifier, context) => ({
    ...thread.ask({ kind: 'resolve', given: specifier, context: plain(context) }),
    shortCircuit: true,
  }),
  // A file of CommonJS is read here, unless a hook gives its text.
  load: (url, context) => ({
    ...thread.ask({ kind: 'load', given: url, context: plain(context) }),
    shortCircuit: true,
    unread: true,
  }),
};

const isURL = (value) => typeof value === 'object' && typeof value?.href === 'string';

/**
 * Registers a module that exports hooks.
 * @param {string | URL} specifier
 * @param {string | URL | object} [parentURL]  what a relative name is relative to; options stand in its
 *     place too
 * @param {{ parentURL?: string | URL, data?: any, transferList?: any[] }} [options]
 */
function register(specifier, parentURL, options) {
  if (parentURL != null && typeof parentURL === 'object' && !isURL(parentURL)) {
    options = parentURL;
    ({ parentURL } = options);
  }
  if (options !== undefined) validateObject(options, 'options');
  const name = `${specifier}`;
  const parent = `${parentURL ?? 'data:'}`;
  const first = thread === undefined;
  if (first && !process.versions.fast_paths.split(',').includes('sharing'))
    throw new codes.ERR_FEATURE_UNAVAILABLE(
      "module.register(), which needs memory that threads share (the fast path 'sharing'),",
    );
  thread ??= new HooksThread();
  thread.ask({ kind: 'register', given: name, parent, data: options?.data }, options?.transferList);
  if (first) setRemote(asHooks);
}

module.exports = { register };
