// Node's forms, as TypeScript programs use them.
import net = require('net');
import dns = require('dns');
import { EventEmitter } from 'events';
import { openAsBlobSync, promises as fs } from 'fs';
import * as crypto from 'crypto';
import { isLatin1 } from 'buffer';
import { isPartialDeepStrictEqual, markPromiseAsHandled } from 'util';

const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket: net.Socket) => {
  socket.setTimeout(1000, () => socket.destroy());
  socket.pipe(socket);
  const id: number = socket.id;
  const peer: string | undefined = socket.remoteAddress;
  console.log(id, peer, socket.server === server);
});
server.on('error', (error: NodeJS.ErrnoException) => console.error(error.code));
server.on('drop', (data) => data?.remoteAddress);
server.on('starved', (error) => error.code?.length);
server.listen(0, '127.0.0.1', 10, () => {
  const address = server.address() as net.AddressInfo;
  const port: number | undefined = server.port();
  console.log(address.port === port);
});
server.listen({ path: '/tmp/x', readableAll: true });
server.getConnections((error, count) => console.log(error, count.toFixed()));
// @ts-expect-error only servers of the page's form have names
server.groupName;
// @ts-expect-error no such option type
net.createServer({ allowHalfOpen: 'yes' });

const group: net.GroupServer = net.createServer('group', 2);
group.balance = 'least-connections';
group.balance = (candidates) => candidates[0].index;
// @ts-expect-error no such way
group.balance = 'random';
group.maxHeap = 1 << 20;

const client: net.Socket = net.connect(80, 'example.org', () => client.end('x'));
net.connect('/tmp/x');
net.createConnection({ port: 1, lookup: (host, options, callback) => callback(null, '127.0.0.1', 4) });
client.on('connectionAttempt', (address, port, family) => [address.length, port.toFixed(), family]);
// @ts-expect-error the listener's argument is a boolean
client.prependListener('close', (hadError: Date) => hadError.getTime()).on('close', (a) => a.nothing);
const stream: typeof net.Socket = net.Stream;
new stream({ fd: 3, readable: true });
const list = new net.BlockList();
list.addSubnet('10.0.0.0', 8);
console.log(net.SocketAddress.isSocketAddress(list), list.rules.length);

const first: string | undefined = dns.lookup('localhost');
const v6: string | undefined = dns.lookup('localhost', 6);
dns.lookup('localhost', (error, address, family) => [error?.code, address.length, family + 1], 1000);
dns.lookup('localhost', { all: true }, (error, addresses) => addresses[0].address);
dns.lookup('localhost', 10, (error, address) => address.length, 100);
dns.promises.lookup('localhost').then(({ address }) => address.length);
dns.promises.resolveSrv('_mqtt._tcp.test').then(([one]) => one.port);
new dns.Resolver({ timeout: 100, tries: 2 }).resolve4('a.test', { ttl: true }, (error, list) => list[0].ttl);
const host: { addr: string; domain: number } | undefined = dns.gethostbyname('localhost');
const all = dns.getaddrinfo('localhost')?.map((entry) => entry.addr.length);
console.log(first, v6, host, all);

const emitter = new EventEmitter<{ tick: [number] }>();
emitter.on('tick', (count) => count.toFixed());
fs.readFile('x', 'utf8').then((text) => text.length);
process.nextTick(() => new URL('http://x').host);
const timer: NodeJS.Timeout = setTimeout(() => {}, 1);
timer.unref();
console.log(Buffer.from('ff', 'hex').readUInt8(0), structuredClone({ a: 1 }).a);

const parameters = { message: 'pw', nonce: Buffer.alloc(16), parallelism: 1, tagLength: 32, memory: 64, passes: 3 };
const derived: Buffer = crypto.argon2Sync('argon2id', parameters);
crypto.argon2('argon2i', parameters, (error, key) => [error?.message, key.length]);
const pair = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const { sharedKey, ciphertext } = crypto.encapsulate(pair.publicKey);
crypto.decapsulate(pair.privateKey, ciphertext, (error, key) => key.equals(sharedKey));
const { privateKey, additionalCertificates } = crypto.parsePKCS12(derived, { passphrase: 'secret' });
console.log(privateKey?.type, additionalCertificates[0].subject);
openAsBlobSync('x', { type: 'text/plain' }).text().then((text) => isLatin1(text));
markPromiseAsHandled(Promise.reject(isPartialDeepStrictEqual({ a: 1 }, {})));
