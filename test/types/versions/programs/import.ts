// A program as the README has it, in ECMAScript syntax.
import * as net from 'net';
import * as nodeNet from 'node:net';
import * as tls from 'node:tls';
import { Worker, parentPort, workerData } from 'node:worker_threads';
import cluster from 'node:cluster';

const group = net.createServer('echo', 2);
group.on('connection', (connection: net.Socket) => {
  connection.on('data', (data: Buffer) => connection.write(data));
  connection.on('error', (error: Error) => console.error(error.message));
  connection.pipe(connection);
  const id: number = connection.id;
  console.log(id);
});
const plain: nodeNet.Server = nodeNet.createServer((socket) => {
  socket.on('data', (data) => socket.end(data));
  socket.once('close', (failed: boolean) => console.log(failed));
});
plain.listen(0, () => console.log((plain.address() as net.AddressInfo).port));
const same: typeof net.Socket = nodeNet.Socket;
const client = net.connect({ port: 1, host: '127.0.0.1' });
client.on('connect', () => client.setNoDelay(true).write('x'));
const secure = tls.connect({ port: 1 });
secure.on('secureConnect', () => secure.getPeerCertificate().subject);
const worker = new Worker(new URL('file:///x.js'), { workerData: { a: 1 } });
worker.on('message', (message: unknown) => parentPort?.postMessage(message, []));
console.log(same, workerData, cluster.isPrimary);
const task = new Task('./worker');
Task.on('message', (message, from) => task.send(`${from}`));
