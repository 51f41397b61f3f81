'use strict';
// walk.js MODULE SEED OPERATIONS: calls what a public module has with odd values, for as many
// operations. Whatever they throw is well; the process may not end by a signal, nor fail inside.
// Operations run in every callback too, in getters and in traps of proxies. LOG names a file that
// holds the operation that was begun last.
const fs = require('fs');
const vm = require('vm');

const [name, seed, operations] = process.argv.slice(2);
const module_ = require(name);
const { apply, construct, ownKeys } = Reflect;
const { writeFileSync } = fs;
const log = process.env.LOG;

// What would harm others, or waits or computes for as long as its arguments say.
const LEFT_OUT = new RegExp(
  [
    '^process\\.(kill|_kill|execve|exit|reallyExit|abort|set[eu]*[ug]id|set[eg]+roups|initgroups|chdir|_)',
    '^os\\.setPriority',
    '^iosched\\.(poll|select|forever)',
    '^fs\\.(chown|lchown|fchown|mkfifo|watch)',
    '(pbkdf2|scrypt|hkdf|generate|[pP]rime|DiffieHellman|Sign|sign)',
    '^child_process\\.(exec|execSync|fork)$',
    '^(vm|module)\\.',
    '^(repl|inspector|cluster|worker_threads)\\.',
    'UncaughtExceptionCapture|prompt|question|setDefaultAutoSelect|setServers|enableCompileCache|createInterface',
    '\\.(waitUntil|constructor|setRawMode|findSourceMap)$',
  ].join('|'),
);

let state = Number(seed) >>> 0;
/** A number below n, by the seed alone. */
function below(n) {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % n;
}
const one = (list) => list[below(list.length)];

// ---- Values

const kept = []; // what operations returned
function keep(value) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
  if (kept.length < 200) kept.push(value);
  else kept[below(200)] = value;
  if (typeof value.then === 'function' && value instanceof Promise) value.then(keep, () => {});
  if (typeof value.on === 'function' && !(value instanceof Function)) {
    try {
      value.on('error', () => {});
    } catch {
      // it takes no listeners
    }
  }
}

const PRIMITIVES = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  2,
  3,
  7,
  16,
  255,
  256,
  65535,
  65536,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e300,
  0n,
  1n,
  -1n,
  2n ** 64n,
  Symbol('s'),
  Symbol.iterator,
  '',
  'a',
  'ä',
  'a\0b',
  '\ud800',
  '\u{1f600}',
  '1',
  '-1',
  '0x10',
  'NaN',
  '127.0.0.1',
  '::1',
  'localhost',
  'a=b&c=%zz',
  'utf8',
  'utf16le',
  'latin1',
  'hex',
  'base64',
  'sha256',
  'aes-128-gcm',
  'P-256',
  'close',
  'error',
  'data',
  '__proto__',
  'constructor',
  'toString',
  'length',
  'http://a:1/b?c#d',
  'x'.repeat(5000),
  '%s%d%j%o%O%c%%',
  '\r\n',
  ' ',
  '\u2028',
];

const wasm = globalThis.WebAssembly && new WebAssembly.Memory({ initial: 1, maximum: 8 });

/** Something that happens in the middle of an operation. */
function disturb() {
  switch (below(6)) {
    case 0:
      for (const { buffer } of views) if (buffer.resizable) buffer.resize(below(65));
      break;
    case 1:
      if (views.length > 0) {
        const { buffer } = one(views);
        if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
      }
      break;
    case 2:
      if (wasm && wasm.buffer.byteLength < 8 * 65536) wasm.grow(1);
      break;
    case 3:
      if (kept.length > 0) kept.splice(below(kept.length), 1);
      break;
    default:
      if (depth < 4) step();
  }
}

const views = [];
const VIEWS = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Float64Array,
  BigInt64Array,
  DataView,
  Buffer.from,
];
function view() {
  let memory;
  switch (below(5)) {
    case 0:
      memory = new ArrayBuffer(64, { maxByteLength: 128 });
      break;
    case 1:
      memory = wasm ? wasm.buffer : new ArrayBuffer(64);
      break;
    case 2:
      memory =
        typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(64) : new ArrayBuffer(8);
      break;
    default:
      memory = new ArrayBuffer(one([0, 8, 64, 4096]));
  }
  const Kind = one(VIEWS);
  const made = Kind === Buffer.from ? Buffer.from(memory) : new Kind(memory);
  if (views.length < 20) views.push(made);
  else views[below(20)] = made;
  if (below(4) === 0) {
    const field = one(['buffer', 'byteLength', 'length', 'byteOffset', 'constructor']);
    Object.defineProperty(made, field, { configurable: true, get: () => (disturb(), value(3)) });
  }
  return made;
}

function callback() {
  return function called(...args) {
    args.forEach(keep);
    disturb();
    if (below(8) === 0) throw value(3);
    return value(3);
  };
}

const FIELDS = [
  'length',
  'encoding',
  'highWaterMark',
  'size',
  'host',
  'port',
  'path',
  'signal',
  'fd',
  'start',
  'end',
  'family',
  'type',
  'timeout',
  'key',
  'cert',
  'method',
  'headers',
  'flag',
  'flags',
  'mode',
  'level',
  'objectMode',
  'read',
  'write',
  'transform',
  'then',
  'value',
  'done',
  'name',
  'message',
  'code',
  'on',
  'once',
  'emit',
  'depth',
  'colors',
  'recursive',
  'dictionary',
  'format',
  'agent',
  'lookup',
  'stdio',
  'env',
  'cwd',
  'input',
  'maxBuffer',
  'buffer',
  'byteLength',
  'next',
  'servername',
  'socket',
];

function object(level) {
  const made = below(6) === 0 ? Object.create(null) : {};
  for (let i = below(5); i > 0; i--) {
    const field = one(FIELDS);
    if (below(3) > 0) made[field] = value(level + 1);
    else
      Object.defineProperty(made, field, {
        configurable: true,
        enumerable: true,
        get: () => (disturb(), value(level + 1)),
      });
  }
  if (below(6) === 0) made[Symbol.toPrimitive] = made.valueOf = callback();
  if (below(8) === 0) made[Symbol.iterator] = callback();
  if (below(8) === 0) made[Symbol.asyncIterator] = callback();
  return made;
}

function proxy(level) {
  const target = one([() => ({}), () => [1, 2], () => callback(), view, () => object(level)])();
  const handler = {};
  for (const trap of [
    'get',
    'has',
    'ownKeys',
    'getPrototypeOf',
    'apply',
    'getOwnPropertyDescriptor',
  ])
    if (below(2) === 0)
      handler[trap] = (...args) => {
        disturb();
        return below(3) === 0 ? value(3) : Reflect[trap](...args);
      };
  const { proxy: made, revoke } = Proxy.revocable(target, handler);
  if (below(10) === 0) revoke();
  return made;
}

function value(level = 0) {
  const kind = below(level > 2 ? 8 : 16);
  if (kind < 6) return one(PRIMITIVES);
  if (kind < 8) return kept.length > 0 ? one(kept) : one(PRIMITIVES);
  if (kind < 10) return view();
  if (kind < 12) return callback();
  if (kind === 12) return proxy(level);
  if (kind === 13) return Array.from({ length: below(5) }, () => value(level + 1));
  if (kind === 14)
    return one([
      () => new Date(NaN),
      () => /a/g,
      () => new Map([[1, 2]]),
      () => new Set([1]),
      () => new Error('e'),
      () => new URL('http://a/b'),
      () => Promise.resolve(1),
      () => new AbortController().signal,
      () => new (vm.runInThisContext('(class A extends Uint8Array {})'))(4),
      () => new Proxy([], {}),
    ])();
  return object(level);
}

// ---- Operations

/** Functions of a value, with a name for each. */
function functionsOf(holder, path, seen = new Set(), level = 0) {
  const found = [];
  if (holder === null || (typeof holder !== 'object' && typeof holder !== 'function')) return found;
  if (seen.has(holder) || level > 3) return found;
  seen.add(holder);
  for (const key of ownKeys(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    const part = `${path}.${String(key)}`;
    if (LEFT_OUT.test(part)) continue;
    let member;
    try {
      member = 'value' in descriptor ? descriptor.value : holder[key];
    } catch {
      continue;
    }
    if (typeof member === 'function') {
      found.push({ name: part, call: member, holder });
      found.push(...functionsOf(member.prototype, `${part}.prototype`, seen, level + 1));
    }
    if (typeof member === 'object') found.push(...functionsOf(member, part, seen, level + 1));
  }
  return found;
}

const targets = functionsOf(module_, name);
if (targets.length === 0) process.exit(0);

const source = Function.prototype.toString;
// Keys of bytes are their numbers, up to 2^32 of them.
const isLong = (value) => ArrayBuffer.isView(value) && value.byteLength > 1 << 20;
/** A function of something that was returned. */
function ofKept() {
  const holder = one(kept);
  const names = [];
  for (let at = holder, i = 0; at && at !== Object.prototype && i < 5; i++) {
    if (!isLong(at)) names.push(...ownKeys(at));
    at = Object.getPrototypeOf(at);
  }
  const key = one(names);
  const part = `${name}.kept.${String(key)}`;
  if (LEFT_OUT.test(`process.${String(key)}`) || LEFT_OUT.test(part)) return undefined;
  const call = holder[key];
  // The engine's own, of arrays above all, take as long as a length says.
  if (typeof call === 'function' && /\[native code\]/.test(source.call(call))) return undefined;
  return { name: part, call, holder };
}

let depth = 0;
let count = 0;
const tell = (text) => {
  try {
    writeFileSync(log, `${count} ${text}\n`);
  } catch {
    // an operation has taken the descriptors
  }
};

function step() {
  depth++;
  count++;
  try {
    const target = kept.length > 0 && below(2) === 0 ? ofKept() : one(targets);
    if (target === undefined) return;
    const args = Array.from({ length: below(5) }, () => value());
    if (log) tell(target.name);
    if (below(4) === 0 && typeof target.call === 'function' && target.call.prototype)
      keep(construct(target.call, args));
    else if (typeof target.call === 'function')
      keep(apply(target.call, below(6) === 0 ? value() : target.holder, args));
    else if (typeof target.holder === 'object' && target.holder !== process && below(3) === 0)
      Reflect.set(target.holder, target.name.split('.').pop(), value());
  } catch (error) {
    inside(error);
  } finally {
    depth--;
  }
}

let internal = 0;
/** What says that sluice itself is wrong. */
function inside(error) {
  let code;
  try {
    code = error?.code;
  } catch {
    return;
  }
  if (code !== 'ERR_INTERNAL' && code !== 'ERR_INTERNAL_ASSERTION') return;
  internal++;
  writeFileSync(2, `inside, seed ${seed}: ${error.stack}\n`);
}

process.on('uncaughtException', inside);
process.on('unhandledRejection', inside);
process.on('warning', () => {});
const exit = process.reallyExit;
const { setImmediate: later } = globalThis;
const quiet = () => true;
process.stdout.write = quiet;

(function go() {
  for (let i = 0; i < 20 && count < operations; i++) step();
  if (count < operations) later(go);
  else exit.call(process, internal > 0 ? 9 : 0);
})();
