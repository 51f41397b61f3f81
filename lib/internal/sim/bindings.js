'use strict';
// Which native functions a program of a simulation may not call: those that reach out of it.
const { codes } = require('internal/errors/codes');

const refuse = (what) => () => {
  throw new codes.ERR_SIM_UNSUPPORTED(what);
};

// What has open(2) change a file: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC.
const CHANGES = 0o1 | 0o2 | 0o100 | 0o1000;

/**
 * Refuses paths that lead out of the scratch folder.
 * @param {Function} call
 * @param {(path: string|Uint8Array, follow: boolean) => boolean} mayWrite
 * @param {number[]} at where they are among the arguments
 * @param {boolean} follow whether what a link refers to is changed, and not the link
 */
function guardPaths(call, mayWrite, at, follow) {
  return (callback, ...rest) => {
    for (const index of at) {
      const path = rest[index];
      if (typeof path === 'number') continue; // an open descriptor
      if (!mayWrite(path, follow))
        throw new codes.ERR_SIM_UNSUPPORTED(`'${text(path)}' changed: it is not in os.tmpdir()`);
    }
    return call(callback, ...rest);
  };
}

const text = (path) => (typeof path === 'string' ? path : new TextDecoder().decode(path));

const CONTENTS = { writeFile: [0], copyFile: [1], chmod: [0], chown: [0], utimes: [0] };
// A hard link to a file elsewhere would be a second way to its content.
const NAMES = {
  mkdir: [0],
  mkdirs: [0],
  mkdtemp: [0],
  unlink: [0],
  rmdir: [0],
  rm: [0],
  rename: [0, 1],
  symlink: [1],
  link: [0, 1],
};

function files(fs, mayWrite) {
  const guarded = { ...fs };
  for (const [name, at] of Object.entries(CONTENTS))
    guarded[name] = guardPaths(fs[name], mayWrite, at, true);
  for (const [name, at] of Object.entries(NAMES))
    guarded[name] = guardPaths(fs[name], mayWrite, at, false);
  const open = guardPaths(fs.open, mayWrite, [0], true);
  guarded.open = (callback, path, flags, mode) =>
    (flags & CHANGES ? open : fs.open)(callback, path, flags, mode);
  return guarded;
}

const without = (native, what, names) => {
  const guarded = { ...native };
  for (const name of names) {
    if (native[name] === undefined) throw new Error(`there is no ${name}()`);
    guarded[name] = refuse(what);
  }
  return guarded;
};

/** The rows of os.networkInterfaces(): the loopback, and the host's address. */
function interfaces(own) {
  const hex = own.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return [
    ['lo', '127.0.0.1', '255.0.0.0', '00:00:00:00:00:00', true, -1],
    ['lo', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '00:00:00:00:00:00', true, 0],
    ['eth0', own, '255.255.0.0', `02:00:${hex.join(':')}`, false, -1],
  ];
}

const functions = (native) =>
  Object.keys(native).filter((name) => typeof native[name] === 'function');

const GUARDS = {
  fs: (native, binding) => files(native, binding('sim').mayWrite),
  // Threads serve these, which wait for real clients.
  metrics: (native) => without(native, 'metrics that are served', ['serve']),
  health: (native) => without(native, 'a health check or an agent', ['serve']),
  ledger: (native) => without(native, 'a record of connections in a file', ['capture']),
  dgram: (native) => without(native, 'multicast', ['membership', 'multicastInterface']),
  os: (native, binding) => ({
    ...without(native, 'another priority', ['setPriority']),
    interfaces: () => interfaces(binding('sim').address()),
  }),
  child: (native) => without(native, 'a child process', functions(native)),
  watch: (native) => without(native, 'watching a file', ['open']),
  resolver: (native) => without(native, 'an address of its own for questions', ['setLocalAddress']),
  process: (native) =>
    without(native, 'a signal or another identity', [
      'kill',
      'setuid',
      'seteuid',
      'setgid',
      'setegid',
      'setgroups',
      'initgroups',
    ]),
};

/** binding() of a simulated program. */
module.exports = function guard(binding) {
  const guarded = new Map();
  return (name) => {
    if (!Object.hasOwn(GUARDS, name)) return binding(name);
    if (!guarded.has(name)) guarded.set(name, GUARDS[name](binding(name), binding));
    return guarded.get(name);
  };
};
