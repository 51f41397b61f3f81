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
  for (const name of names) guarded[name] = refuse(what);
  return guarded;
};
const functions = (native) =>
  Object.keys(native).filter((name) => typeof native[name] === 'function');

const GUARDS = {
  fs: (native, binding) => files(native, binding('sim').mayWrite),
  child: (native) => without(native, 'a child process', functions(native)),
  watch: (native) => without(native, 'watching a file', ['open']),
  resolver: (native) =>
    without(native, 'a question to a DNS server', ['ask', 'reverse', 'setLocalAddress']),
  process: (native) =>
    without(native, 'a signal or another identity', [
      'kill',
      'setuid',
      'seteuid',
      'setgid',
      'setegid',
      'setGroups',
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
