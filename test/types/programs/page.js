// The page's forms.
const net = require('net');
const socket = require('socket');
const iosched = require('iosched');

const server = net.createServer('group', 0, socket.sockaddr(socket.INADDR_ANY, 3000));
server.on('listening', (one) => {
  /** @type {number | undefined} */
  const port = one.port();
  console.log(port, one.groupName.group.length, one.groupName.name);
  // @ts-expect-error no such method: the argument is a server, not any
  one.nothing();
});
server.on('close', (one) => one.isMaster());
server.on('connection', (connect) => {
  console.log(connect.id.toFixed(), connect.encrypted);
  connect.on('data', (data) => connect.write(data));
  connect.on('close', (hadError) => {
    /** @type {boolean} */
    const error = hadError;
    return error;
  });
  connect.on('lookup', (error, address, family, host) => [error?.message, address, family, host.length]);
  connect.on('error', (error) => console.error(error.message));
  // @ts-expect-error read-only
  connect.id = 3;
});
server.on('sub', (event) => {
  if (event.type === 'exit') console.log(event.name, event.code.toFixed(), event.delay?.toFixed());
  // @ts-expect-error only a stuck one has a time
  console.log(event.busy);
});
server.balance = (candidates, peer) => (peer.port > 1 ? candidates[0] : undefined);
server.watchdog = { timeout: 1000, end: false };
/** @type {string[]} */
const names = server.stats().map((one) => one.name);
console.log(names);
server.listen();
server.listen((one) => console.log(one.address()?.port.toFixed()));
// @ts-expect-error the page's servers take a callback only
server.listen(3000);
// @ts-expect-error likewise
server.listen({ port: 3000 });
server.close((error) => console.log(error?.message));
/** @type {boolean} */
const added = server.addcert({ name: 'a.example', cert: '', key: Buffer.alloc(0) });
// @ts-expect-error a key is missing
server.addcert({ name: 'a.example', cert: '' });
console.log(added);

/** @type {import('net').Server} */
const asServer = server;
console.log(asServer instanceof net.Server);

net.createServer('./server', 2);
net.createServer('server', 2, './sub', socket.sockaddr6(socket.IN6ADDR_ANY, 1, 'eth0'));
net.createServer('server', 2, undefined, { port: 1, backlog: 5 }, { cert: '', key: '' });
net.createServer('server', 0, null, { cert: '', key: '', handshakeTimeout: 2000, ipcert: true });
net.createSubServer('server').listen();
// @ts-expect-error subs must be a number
net.createServer('server', '2');
// @ts-expect-error TLS of a server needs a certificate and a key
net.createServer('server', 0, undefined, undefined, {});
// @ts-expect-error subs are missing
net.createServer('server');

const client = net.createConnection({ port: 1, host: 'localhost', family: 4, tlsOpt: {} }, () => {});
client.connect(socket.sockaddr('::1', 3), { rejectUnauthorized: false, server: 'x' }, () => {});
client.connect({ domain: socket.AF_INET, addr: '127.0.0.1', port: 80 }, () => {});
net.connect({ addr: '127.0.0.1', port: 80 }, null).end();
// @ts-expect-error an address is a string
socket.sockaddr(0x7f000001, 1);
/** @type {2 | 10} */
const domain = socket.domain('::1');
console.log(domain);

const state = { quit: false };
iosched.forever(state);
iosched.forever(() => true, 100);
const event = iosched.event(iosched.READ, 0, (arg, self) => arg.length > self.fd, null, 'text');
iosched.once(event);
iosched.add(event);
iosched.remove();
/** @type {number[][]} */
const ready = iosched.select([[0], []], 10);
console.log(ready, iosched.poll(), iosched.select(5));
// @ts-expect-error a descriptor is a number
iosched.event(iosched.READ, '0', () => {});

const task = new Task('./worker', { rounds: 3 }, { directory: 'lib' });
task.send(Buffer.from('x'), 0, 1, { a: 1 });
task.cancel((id, code) => console.log(id + code));
Task.on('message', (message, from) => Task.send(from, message));
console.log(Task.recv({ id: 0 }, 10), Task.list(true), Task.create('x').isAlive());
// @ts-expect-error a number is no message
Task.send(1, 2);
Task.on('unhandledRejection', (reason, promise) => promise.then(() => reason));
Task.nextTick((/** @type {number} */ a, /** @type {string} */ b) => console.log(a, b), 1, 'x');
// @ts-expect-error what is passed must fit
Task.nextTick((/** @type {number} */ a) => a, 'x');
// @ts-expect-error no such event
Task.on('nothing', () => {});
console.log(Task.me() + Task.list().length, Task.isMain(), ARGUMENT);
