'use strict';
// A server that tells why its connections ended, and counts it for Prometheus.
//
//   sluice --metrics=9464 examples/why-closed.js     then: sluice ps, sluice sess PID --closed
//   sluice examples/why-closed.js --demo             three clients, and what is known of each
const metrics = require('metrics');
const net = require('net');
const { once } = require('events');

const LINES = metrics.counter('example_lines_total', 'Lines that were echoed.');

/** @returns {number} */
const port = () => /** @type {net.AddressInfo} */ (server.address()).port;

const server = net.createServer((socket) => {
  socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) =>
    console.log(`error of ${error.connection?.peer}: ${error.code}`),
  );
  socket.on('data', (data) => {
    LINES.inc();
    socket.write(data);
  });
  // Who is silent for a minute, in the demo for a moment, is not kept.
  socket.setTimeout(process.argv.includes('--demo') ? 100 : 60000, () => socket.destroy());
  socket.on('close', () => {
    const { by, code } = socket.closeReason;
    const { bytes, times } = socket.info();
    console.log(`${code} by ${by} after ${bytes.in} bytes, ${times.closed - times.opened} ms`);
  });
});

async function demo() {
  const say = async () => {
    const client = net.connect(port(), '127.0.0.1');
    client.write('hello\n');
    await once(client, 'data');
    return client;
  };
  (await say()).end();
  (await say()).resetAndDestroy();
  await once((await say()).resume(), 'end');
  while (server.recent().length < 3) await new Promise((resolve) => setImmediate(resolve));
  const codes = server.recent().map(({ closeReason }) => closeReason.code);
  console.log(`the last first: ${codes.join(', ')}`);
  if (codes.sort().join() !== 'idle-timeout,peer-end,peer-reset') process.exitCode = 1;
  console.log(metrics.text().match(/^example_lines_total .*$/m)[0]);
  server.close();
}

server.listen(process.argv.includes('--demo') ? 0 : 7007, '127.0.0.1', () => {
  console.log(`listening on port ${port()}`);
  if (process.argv.includes('--demo')) demo();
});
