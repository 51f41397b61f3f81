'use strict';
// The machine, its network interfaces and users, as Node's os module gives them.
const native = binding('os');
const { validateInt32, validateObject } = require('internal/errors/validators');
const { systemError } = require('internal/errors/system');

/** Returns what a native function gave, or throws for the negative errno value that it gave. */
function checked(result, syscall) {
  if (typeof result === 'number' && result < 0) throw systemError(result, syscall);
  return result;
}

let names;
function uname() {
  return (names ??= checked(native.uname(), 'uv_os_uname'));
}

/** @returns {Array<{model: string, speed: number, times: object}>} times in ms, speed in MHz */
function cpus() {
  return native.cpus().map(([model, speed, user, nice, sys, idle, irq]) => ({
    model,
    speed,
    times: { user, nice, sys, idle, irq },
  }));
}

/** Bits that are set, from the left: 'ffff::' → 16. */
function prefixLength(netmask, family) {
  if (family === 'IPv4')
    return netmask
      .split('.')
      .reduce((sum, part) => sum + (+part).toString(2).replaceAll('0', '').length, 0);
  return netmask
    .split(':')
    .reduce(
      (sum, part) => sum + (part ? parseInt(part, 16).toString(2).replaceAll('0', '').length : 0),
      0,
    );
}

/** Addresses of the interfaces that are up, by name. */
function networkInterfaces() {
  const result = {};
  for (const [name, address, netmask, mac, internal, scopeid] of checked(
    native.interfaces(),
    'uv_interface_addresses',
  )) {
    const family = address.includes(':') ? 'IPv6' : 'IPv4';
    const entry = {
      address,
      netmask,
      family,
      mac,
      internal,
      cidr: `${address}/${prefixLength(netmask, family)}`,
    };
    if (family === 'IPv6') entry.scopeid = scopeid;
    (result[name] ??= []).push(entry);
  }
  return result;
}

/** $HOME, else the home directory of the user data base. */
function homedir() {
  return (
    require('internal/base/environment').own('HOME') || checked(native.user(), 'uv_os_homedir')[3]
  );
}

/** $TMPDIR, $TMP, $TEMP or /tmp, without a trailing slash. */
function tmpdir() {
  const { env } = process;
  const path = env.TMPDIR || env.TMP || env.TEMP || '/tmp';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** @param {{encoding?: string}} [options] 'buffer' gives Buffers instead of strings */
function userInfo(options) {
  if (options !== undefined) validateObject(options, 'options');
  const [username, uid, gid, home, shell] = checked(native.user(), 'uv_os_get_passwd');
  const text =
    options?.encoding === 'buffer'
      ? (value) => require('buffer').Buffer.from(value)
      : (value) => value;
  return {
    __proto__: null,
    uid,
    gid,
    username: text(username),
    homedir: text(home),
    shell: text(shell),
  };
}

function getPriority(pid = 0) {
  validateInt32(pid, 'pid');
  return checked(native.getPriority(pid), 'uv_os_getpriority')[0];
}

function setPriority(pid, priority) {
  if (priority === undefined) {
    priority = pid;
    pid = 0;
  }
  validateInt32(pid, 'pid');
  validateInt32(priority, 'priority', -20, 19);
  checked(native.setPriority(pid, priority), 'uv_os_setpriority');
}

const os = {
  arch: () => native.arch,
  availableParallelism: () => native.parallelism(),
  cpus,
  endianness: () => native.endianness,
  freemem: () => checked(native.memory(), 'uv_get_free_memory')[0],
  getPriority,
  homedir,
  hostname: () => checked(native.hostname(), 'uv_os_gethostname'),
  loadavg: () => native.loadAverage(),
  machine: () => uname()[3],
  networkInterfaces,
  platform: () => 'linux',
  release: () => uname()[1],
  setPriority,
  tmpdir,
  totalmem: () => checked(native.memory(), 'uv_get_total_memory')[1],
  type: () => uname()[0],
  uptime: () => native.uptime(),
  userInfo,
  version: () => uname()[2],
  EOL: '\n',
  devNull: '/dev/null',
};

// `${os.hostname}` gives the value, as in Node.
for (const name of [
  'arch',
  'availableParallelism',
  'endianness',
  'freemem',
  'homedir',
  'hostname',
  'machine',
  'platform',
  'release',
  'tmpdir',
  'totalmem',
  'type',
  'uptime',
  'version',
])
  os[name][Symbol.toPrimitive] = () => os[name]();

os.constants = Object.freeze({
  __proto__: null,
  UV_UDP_REUSEADDR: 4,
  dlopen: Object.freeze({
    __proto__: null,
    RTLD_LAZY: 1,
    RTLD_NOW: 2,
    RTLD_GLOBAL: 256,
    RTLD_LOCAL: 0,
  }),
  errno: Object.freeze({ __proto__: null, ...native.errno }),
  signals: Object.freeze({ __proto__: null, ...native.signals }),
  priority: Object.freeze({
    __proto__: null,
    PRIORITY_LOW: 19,
    PRIORITY_BELOW_NORMAL: 10,
    PRIORITY_NORMAL: 0,
    PRIORITY_ABOVE_NORMAL: -7,
    PRIORITY_HIGH: -14,
    PRIORITY_HIGHEST: -20,
  }),
});

module.exports = os;
