'use strict';
const assert = require('assert');
const crypto = require('crypto');
const http = require('http');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { startServer } = require('../../helpers/server');

/** A server that sends back what it gets, in frames of up to 125 bytes (RFC 6455). */
async function echo(t) {
  const server = http.createServer();
  server.on('upgrade', (req, socket) => {
    const accept = crypto
      .createHash('sha1')
      .update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      while (bytes.length > 0) {
        const length = bytes[1] & 127;
        const mask = bytes.subarray(2, 6);
        const body = Buffer.from(bytes.subarray(6, 6 + length).map((one, i) => one ^ mask[i % 4]));
        socket.write(Buffer.concat([Buffer.of(bytes[0], length), body]));
        if ((bytes[0] & 15) === 8) socket.end();
        bytes = bytes.subarray(6 + length);
      }
    });
  });
  const { port } = await startServer(t, server);
  return `ws://127.0.0.1:${port}`;
}

test('a WebSocket sends and gets text and bytes, and closes', async (t) => {
  const socket = new WebSocket(await echo(t));
  socket.binaryType = 'arraybuffer';
  await once(socket, 'open');
  socket.send('text');
  const [text] = await once(socket, 'message');
  assert.strictEqual(text instanceof MessageEvent, true);
  assert.strictEqual(text.data, 'text');
  socket.send(Uint8Array.of(1, 2, 3));
  const [bytes] = await once(socket, 'message');
  assert.deepStrictEqual(new Uint8Array(bytes.data), Uint8Array.of(1, 2, 3));
  socket.close(1000, 'done');
  const [closed] = await once(socket, 'close');
  assert.strictEqual(closed instanceof CloseEvent, true);
  assert.deepStrictEqual([closed.code, closed.reason, closed.wasClean], [1000, 'done', true]);
});

test('a WebSocket that cannot connect has an error and a close event', async (t) => {
  const server = http.createServer((req, res) => res.writeHead(404).end());
  const { port } = await startServer(t, server);
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const events = [];
  socket.onerror = (event) => events.push(event.type);
  await once(socket, 'close');
  assert.deepStrictEqual(events, ['error']);
});

test('an EventSource hears the events of a stream', async (t) => {
  const server = http.createServer((req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write('data: one\n\nevent: named\nid: 7\ndata: two\n\n');
  });
  t.after(() => server.closeAllConnections());
  const { port } = await startServer(t, server);
  const source = new EventSource(`http://127.0.0.1:${port}`);
  const heard = [];
  source.onmessage = ({ data }) => heard.push(data);
  await new Promise((resolve) => {
    source.addEventListener('named', ({ data, lastEventId }) => {
      heard.push(data, lastEventId);
      resolve();
    });
  });
  assert.deepStrictEqual(heard, ['one', 'two', '7']);
  source.close();
});
