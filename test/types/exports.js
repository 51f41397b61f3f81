'use strict';
// Prints, as JSON, what every public module and the global object export at run time: for each
// name its kind, for classes the members of the class and of its instances, for namespaces their
// names. Run by sluice; test/types/compare.mjs reads it.

/** A stream whose state is made when it is used as one. */
const asStream = (stream) => stream.on('error', () => {}).setEncoding('hex');

// Own properties of instances are seen only on an instance.
const instances = {
  'net.Socket': (net) => new net.Socket(),
  'net.Server': (net) => new net.Server(),
  'tls.TLSSocket': (tls) => new tls.TLSSocket(),
  'tls.Server': (tls) => new tls.Server(),
  'net.SocketAddress': (net) => new net.SocketAddress(),
  'events.EventEmitter': (events) => new events.EventEmitter(),
  'stream.Readable': (stream) => new stream.Readable(),
  'stream.Writable': (stream) => new stream.Writable(),
  'stream.Duplex': (stream) => new stream.Duplex(),
  'stream.Transform': (stream) => new stream.Transform(),
  'stream.PassThrough': (stream) => new stream.PassThrough(),
  'stream.Stream': (stream) => new stream.Stream(),
  'string_decoder.StringDecoder': ({ StringDecoder }) => new StringDecoder(),
  'assert.AssertionError': ({ AssertionError }) => new AssertionError({ actual: 1, expected: 2 }),
  'assert/strict.AssertionError': ({ AssertionError }) => new AssertionError({ actual: 1, expected: 2 }),
  'buffer.Buffer': ({ Buffer }) => Buffer.alloc(1),
  'console.Console': ({ Console }) => new Console(process.stdout),
  'url.Url': (url) => url.parse('http://a/'),
  'fs.Stats': (fs) => fs.statSync(__filename),
  'fs.StatFs': (fs) => fs.statfsSync(__dirname),
  'fs.Dirent': (fs) => fs.readdirSync(__dirname, { withFileTypes: true })[0],
  'module.Module': (Module) => new Module(__filename),
  'module.SourceMap': (Module) => new Module.SourceMap({}),
  'perf_hooks.PerformanceEntry': ({ performance }) => performance.mark('x'),
  'perf_hooks.PerformanceMark': ({ performance }) => performance.mark('x'),
  'perf_hooks.PerformanceMeasure': ({ performance }) => performance.measure('x'),
  'diagnostics_channel.Channel': ({ channel }) => channel('x'),
  'fs.ReadStream': (fs) => fs.createReadStream(__filename).on('error', () => {}),
  'child_process.ChildProcess': ({ spawn }) => spawn('true'),
  'readline.Interface': ({ createInterface }) => createInterface({ input: process.stdin }),
  'readline/promises.Interface': ({ createInterface }) => createInterface({ input: process.stdin }),
  'crypto.Hash': ({ createHash }) => asStream(createHash('sha256')),
  'crypto.Hmac': ({ createHmac }) => asStream(createHmac('sha256', 'key')),
  'fs.WriteStream': (fs) => fs.createWriteStream('/dev/null'),
};

const message = () => new (require('http').IncomingMessage)(new (require('net').Socket)());
Object.assign(instances, {
  'http.Agent': (http) => new http.Agent(),
  'http.ClientRequest': (http) =>
    http.request({ createConnection: () => new (require('net').Socket)() }).on('error', () => {}),
  'http.IncomingMessage': message,
  'http.OutgoingMessage': (http) => new http.OutgoingMessage(),
  'http.Server': (http) => new http.Server(),
  'http.ServerResponse': (http) => new http.ServerResponse(message()),
  'https.Agent': (https) => new https.Agent(),
  'https.Server': (https) => new https.Server(),
});
for (const name of ['Deflate', 'Inflate', 'Gzip', 'Gunzip', 'DeflateRaw', 'InflateRaw', 'Unzip', 'BrotliCompress', 'BrotliDecompress'])
  instances[`zlib.${name}`] = (zlib) => new zlib[name]();

/** The names of an object and of its prototypes; Object's and Function's own are left out. */
function names(value) {
  const found = new Set();
  for (let at = value; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    if (at === Object.prototype || at === Function.prototype || at === Array.prototype) break;
    for (const name of Object.getOwnPropertyNames(at)) found.add(name);
    if (at === Error.prototype || at === Uint8Array.prototype) continue;
  }
  return found;
}

function isClass(value) {
  if (typeof value !== 'function' || typeof value.prototype !== 'object' || value.prototype === null)
    return false;
  if (Object.getOwnPropertyDescriptor(value, 'prototype').writable === false) return true;
  return Object.getPrototypeOf(value.prototype) !== Object.prototype || names(value.prototype).size > 1;
}

const seen = new Set();

function describe(value, path, module) {
  // Described where it came first.
  if (typeof value === 'object' || typeof value === 'function') {
    if (seen.has(value)) return { kind: 'seen' };
    seen.add(value);
  }
  const type = value === null ? 'null' : typeof value;
  if (isClass(value)) {
    const members = names(value.prototype);
    const make = instances[path];
    if (make !== undefined) for (const name of names(make(module))) members.add(name);
    return { kind: 'class', statics: Object.getOwnPropertyNames(value), members: [...members] };
  }
  if (Array.isArray(value)) return { kind: 'array' };
  if (type === 'object') return { kind: 'object', names: [...names(value)] };
  if (type === 'function') return { kind: 'function', names: [...names(value)] };
  return { kind: type };
}

function describeModule(name, module) {
  const exported = {};
  for (const key of names(module)) {
    if (key === 'prototype') continue;
    let value;
    try {
      value = module[key];
    } catch (error) {
      if (error.code === 'ERR_FEATURE_UNAVAILABLE') continue; // a name that only says so is absent
      throw error;
    }
    exported[key] = describe(value, `${name}.${key}`, module);
  }
  return exported;
}

// `b` of a module `a/b` is what `a` has under that name: described as a module.
const modules = require('module').builtinModules.map((name) => {
  const module = require(name);
  seen.add(module);
  return [name, module];
});
const all = {};
for (const [name, module] of modules) all[name] = describeModule(name, module);
all.globals = describeModule('globals', globalThis);

// What functions return and the declarations name as interfaces.
const { createServer } = require('net');
const iosched = require('iosched');
all.interfaces = {
  'net.GroupServer': [...names(createServer('group', 0))],
  'socket.SockAddr': [...names(require('socket').sockaddr())],
  'iosched.IoEvent': [...names(iosched.event(iosched.READ, 0, () => {}))],
};
require('fs').writeSync(1, JSON.stringify(all));
process.exit(0);
