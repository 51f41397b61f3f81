// Sends three messages to an echo server and shows what comes back.
//   sluice examples/echo-client.js PORT [host]
const net = require('net');

const [port, host = '127.0.0.1'] = process.argv.slice(2);
const client = net.createConnection({ host, port: Number(port) });
const messages = ['hello', 'how are you', 'goodbye'];

function next() {
  if (messages.length === 0) return client.end();
  const message = messages.shift();
  console.log(`sending: ${message}`);
  return client.write(message);
}

client.on('connect', () => {
  console.log(`connected to ${client.remoteAddress}:${client.remotePort}`);
  next();
});
client.on('data', (data) => {
  console.log(`echo: ${data}`);
  next();
});
client.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
client.on('close', () => console.log('closed'));
