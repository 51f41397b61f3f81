// GET, SET and PING of the Redis protocol on net, as a program of its users would have it: one
// parser a connection, one write for all answers to a chunk.
const net = require('net');

const CR = 13;
const values = new Map();
const OK = '+OK\r\n';
const NIL = '$-1\r\n';

class Connection {
  constructor(socket) {
    this.socket = socket;
    this.rest = null;
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => {});
  }

  receive(chunk) {
    if (this.rest !== null) chunk = Buffer.concat([this.rest, chunk]);
    let at = 0;
    let answers = '';
    for (;;) {
      const command = read(chunk, at);
      if (command === null) break;
      at = command.end;
      answers += answer(command.words);
    }
    this.rest = at < chunk.length ? chunk.subarray(at) : null;
    if (answers !== '') this.socket.write(answers, 'latin1');
  }
}

let position = 0; // behind the number that was read last

function readNumber(bytes, at) {
  let value = 0;
  for (; at < bytes.length && bytes[at] !== CR; at++) value = value * 10 + bytes[at] - 48;
  position = at + 2;
  return position <= bytes.length ? value : -1;
}

/** One command from at on, or null if it is not all there. */
function read(bytes, at) {
  if (at >= bytes.length) return null;
  const count = readNumber(bytes, at + 1);
  if (count < 0) return null;
  const words = [];
  for (let i = 0; i < count; i++) {
    if (position >= bytes.length) return null;
    const length = readNumber(bytes, position + 1);
    if (length < 0 || position + length + 2 > bytes.length) return null;
    words.push(bytes.latin1Slice(position, position + length));
    position += length + 2;
  }
  return { words, end: position };
}

function answer(words) {
  switch (words[0]) {
    case 'SET':
      values.set(words[1], words[2]);
      return OK;
    case 'GET': {
      const value = values.get(words[1]);
      return value === undefined ? NIL : `$${value.length}\r\n${value}\r\n`;
    }
    case 'PING':
      return '+PONG\r\n';
    default:
      return `-ERR unknown command '${words[0]}'\r\n`;
  }
}

const server = net.createServer((socket) => new Connection(socket));
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
