'use strict';
// A node of the demo: it answers requests of lines, behind a load balancer, and passes what is said on
// to the other nodes.
//   node.js NAME VERSION ADDRESS NATS
const net = require('net');

const [, , name, version, host, bus] = process.argv;
const NETWORK = '10.77.0.0/24';
const listeners = new Set();
let publish = () => {};

const commands = {
  ping: (one) => one.write(`${name} ${version} ${one.remoteAddress}\n`),
  burn(one, ms) {
    for (const end = Date.now() + Number(ms); Date.now() < end;);
    one.write('burnt\n');
  },
  listen(one) {
    listeners.add(one);
    one.write('listening\n');
  },
  say(one, text) {
    tell(text);
    publish(text);
    one.write('said\n');
  },
};

function tell(text) {
  for (const one of listeners) one.write(`heard ${text}\n`);
}

function serve(one) {
  let rest = '';
  let leaving = false;
  one.setEncoding('utf8');
  one.on('error', () => {});
  one.on('close', () => listeners.delete(one));
  // What was asked before the farewell arrives is answered still: the client ends.
  one.on('goaway', () => {
    leaving = true;
    one.write('bye\n');
  });
  one.on('end', () => one.end());
  one.on('data', (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const [command, argument] = line.split(' ');
      commands[command]?.(one, argument);
    }
    if (leaving && rest === '' && one.readableEnded) one.end();
  });
}

const options = { noDelay: true, allowHalfOpen: true, proxy: { trust: [NETWORK] } };
const server = net.createServer(options, serve);
server.agent({ host, port: 7001 });
server.health({ host, port: 7002 });
server.listen({ port: 7000, host, backlog: 4096 });

if (process.env.FLEET_KEYS) {
  const fs = require('fs');
  const [cert, key] = ['pem', 'key'].map((end) =>
    fs.readFileSync(`${process.env.FLEET_KEYS}/server-ec.${end}`),
  );
  const ticketKeys = { secret: 'what all nodes of the demo know, and nobody else' };
  const encrypted = require('tls').createServer({ cert, key, ticketKeys }, (one) =>
    one.end(`${name}\n`),
  );
  encrypted.on('tlsClientError', () => {});
  encrypted.listen(7003, host);
}

async function join() {
  const { connect, StringCodec } = require('nats');
  const text = StringCodec();
  const client = await connect({
    servers: bus,
    noEcho: true,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    pingInterval: 500,
    maxPingOut: 2,
  });
  client.subscribe('fleet', {
    callback: (error, message) => error ?? tell(text.decode(message.data)),
  });
  publish = (said) => client.publish('fleet', text.encode(said));
}
if (bus !== undefined) join();
