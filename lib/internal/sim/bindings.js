'use strict';
// Which native functions a program of a simulation may not call: those that reach out of it.
const { codes } = require('internal/errors/codes');

const refuse = (what) => () => {
  throw new codes.ERR_SIM_UNSUPPORTED(what);
};

const ACCESS = 3; // O_RDONLY, O_WRONLY, O_RDWR
const CREATE = 0o100; // O_CREAT

/** Refuses paths outside of the scratch folder; at: where they are among the arguments. */
function guardPaths(call, mayWrite, at) {
  return (callback, ...rest) => {
    for (const index of at) {
      const path = rest[index];
      if (typeof path === 'string' && !mayWrite(path))
        throw new codes.ERR_SIM_UNSUPPORTED(`'${path}' changed: it is not in os.tmpdir()`);
    }
    return call(callback, ...rest);
  };
}

const WRITES = {
  writeFile: [0],
  mkdir: [0],
  mkdirs: [0],
  mkdtemp: [0],
  unlink: [0],
  rmdir: [0],
  rm: [0],
  rename: [0, 1],
  copyFile: [1],
  symlink: [1],
  link: [1],
  chmod: [0],
  chown: [0],
  utimes: [0],
};

function files(fs, mayWrite) {
  const guarded = { ...fs };
  for (const [name, at] of Object.entries(WRITES))
    guarded[name] = guardPaths(fs[name], mayWrite, at);
  const open = guardPaths(fs.open, mayWrite, [0]);
  guarded.open = (callback, path, flags, mode) =>
    ((flags & ACCESS) | (flags & CREATE) ? open : fs.open)(callback, path, flags, mode);
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
  ledger: (native) => without(native, 'a record of connections in a file', ['capture']),
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
