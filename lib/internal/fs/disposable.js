'use strict';
// Directories that go with what names them: mkdtempDisposable().
const { plain } = require('internal/fs/operations');
const { runPromise, runSync } = require('internal/fs/requests');
const { resolve } = require('path');

const asText = (path) => (typeof path === 'string' ? path : path.toString());
// It goes wherever the program is by then.
const removal = (path) => plain.rm(resolve(asText(path)), { recursive: true, force: true });

/** A new directory: {path, remove()}, which `using` removes with what is in it. */
function mkdtempSync(prefix, options) {
  const path = runSync(plain.mkdtemp(prefix, options));
  const request = removal(path);
  const remove = () => runSync(request);
  return { path, remove, [Symbol.dispose]: remove };
}

/** The same for `await using`; remove() gives a promise. */
async function mkdtemp(prefix, options) {
  const path = await runPromise(plain.mkdtemp(prefix, options));
  const request = removal(path);
  const remove = () => runPromise(request);
  return { path, remove, [Symbol.asyncDispose]: remove };
}

module.exports = { mkdtemp, mkdtempSync };
