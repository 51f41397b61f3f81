'use strict';
// A DNS server that says what a test tells it to.
const dgram = require('dgram');
const { once } = require('events');
const net = require('net');
const { startServer } = require('./server');

const bytes = (...values) => Buffer.from(values);
const u16 = (...values) => Buffer.concat(values.map((value) => bytes(value >> 8, value & 255)));
const u32 = (value) => u16(value >>> 16, value & 0xffff);

/** A <character-string>. */
const string = (text) => Buffer.concat([bytes(text.length), Buffer.from(text, 'latin1')]);

/** A name, without pointers; a Buffer among the parts is one label. */
function name(...parts) {
  const labels = parts.flatMap((part) =>
    typeof part === 'string' ? part.split('.').filter(Boolean) : [part],
  );
  const encoded = labels.map((label) => Buffer.concat([bytes(label.length), Buffer.from(label)]));
  return Buffer.concat([...encoded, bytes(0)]);
}

const ASKED = u16(0xc00c); // a pointer to the name in the question

/** A record of the name that was asked for. */
function record(type, data, { ttl = 60, owner = ASKED, size = data.length } = {}) {
  return Buffer.concat([owner, u16(type, 1), u32(ttl), u16(size), data]);
}

/** {id, name, type, raw} of a question; raw is the question's part of the message. */
function parseQuestion(message) {
  let at = 12;
  const labels = [];
  while (message[at] !== 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + message[at]));
    at += message[at] + 1;
  }
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.'),
    type: message.readUInt16BE(at + 1),
    raw: message.subarray(12, at + 5),
  };
}

/** An answer to a question. */
function answer(question, records = [], { id = question.id, rcode = 0, truncated = false } = {}) {
  return Buffer.concat([
    u16(id, 0x8580 | rcode | (truncated ? 0x200 : 0), 1, records.length, 0, 0),
    question.raw,
    ...records,
  ]);
}

/**
 * Starts a server; respond(question, send) is called for each question, send(message) answers. The
 * same for TCP if respondTcp is given, with the connection as its third argument.
 * @returns {Promise<{address: string, asked: object[]}>} where it is, and the questions that came
 */
async function startDnsServer(t, respond, respondTcp) {
  // TCP chooses the port: of its ports more are in use.
  const port = respondTcp ? await startTcp(t, respondTcp) : 0;
  const socket = dgram.createSocket('udp4');
  t.after(() => socket.close());
  const asked = [];
  socket.on('message', (message, peer) => {
    const question = { ...parseQuestion(message), port: peer.port };
    asked.push(question);
    respond(question, (reply) => socket.send(reply, peer.port, peer.address));
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

async function startTcp(t, respond) {
  const server = net.createServer((connection) => {
    connection.on('error', () => {});
    let received = Buffer.alloc(0);
    connection.on('data', (data) => {
      received = Buffer.concat([received, data]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const question = parseQuestion(received.subarray(2));
      const send = (reply) => connection.write(Buffer.concat([u16(reply.length), reply]));
      respond(question, send, connection);
    });
  });
  const { port } = await startServer(t, server);
  return port;
}

module.exports = { answer, bytes, name, record, startDnsServer, string, u16, u32 };
