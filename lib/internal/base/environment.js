'use strict';
// The variables of the environment that the runtime itself reads. In User Mode a program need not be
// allowed to read them, and what it changes there changes nothing of the runtime.
const { restricted } = binding('runtime');

/**
 * @param {string} name one of those in src/bind/process/process.cc
 * @returns {string | undefined}
 */
const own = (name) => (restricted ? binding('process').ownEnv(name) : process.env?.[name]);

/** All of them, as an object. */
const owned = (...names) => Object.fromEntries(names.map((name) => [name, own(name)]));

/** Takes one of them out of the environment: it is not for children. */
function drop(name) {
  if (restricted) binding('process').dropOwnEnv(name);
  else delete process.env[name];
}

/** The environment, or of it what the runtime reads, to look at as an object. */
const view = () =>
  restricted
    ? new Proxy(
        {},
        {
          get: (_, name) => (typeof name === 'string' ? own(name) : undefined),
          has: (_, name) => own(name) !== undefined,
        },
      )
    : process.env;

module.exports = { drop, own, owned, view };
