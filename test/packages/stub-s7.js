'use strict';
// A stub of a controller that speaks S7 (RFC 1006, COTP and the S7 header): it connects, agrees on
// the size of packets, and has one data block, DB1, that is read and written.
const CONNECT = 0xe0;
const CONFIRM = 0xd0;
const SETUP = 0xf0;
const READ = 0x04;
const DATA_BLOCK = 0x84;
const PDU_BYTES = 480;

const [DONE, NO_SUCH_OBJECT, OUT_OF_RANGE] = [0xff, 0x0a, 0x05];
const [BIT, BITS] = [3, 4]; // of an item's size, in bits

const packet = (...parts) => {
  const body = Buffer.concat(parts);
  const head = Buffer.from([3, 0, 0, 0]);
  head.writeUInt16BE(body.length + 4, 2);
  return Buffer.concat([head, body]);
};

const short = (...numbers) => Buffer.from(numbers.flatMap((n) => [n >> 8, n & 255]));

/** The answer to the request of number `sequence`, with its parameters and data. */
function answer(sequence, parameters, data = Buffer.alloc(0)) {
  const sizes = short(parameters.length, data.length);
  const head = [Buffer.from([2, 0xf0, 0x80, 0x32, 3, 0, 0]), sequence, sizes, Buffer.alloc(2)];
  return packet(...head, parameters, data);
}

/** What a request names: its place in the memory, or the code of what is wrong. */
function place(item, memory) {
  const pointer = item.readUIntBE(9, 3);
  const [offset, bit, size] = [pointer >> 3, pointer & 7, item.readUInt16BE(4)];
  if (item[8] !== DATA_BLOCK || item.readUInt16BE(6) !== 1) return { code: NO_SUCH_OBJECT };
  if (offset + size > memory.length) return { code: OUT_OF_RANGE };
  return { code: DONE, offset, bit, size };
}

/** Data of items, each of an even size but for the last one. */
function padded(parts) {
  const even = (part, i) =>
    part.length % 2 === 1 && i < parts.length - 1 ? [part, Buffer.alloc(1)] : [part];
  return Buffer.concat(parts.flatMap(even));
}

function read(items, memory) {
  const one = (item) => {
    const { code, offset, size } = place(item, memory);
    if (code !== DONE) return Buffer.from([code, 0, 0, 0]);
    const head = [Buffer.from([DONE, BITS]), short(size * 8)];
    return Buffer.concat([...head, memory.subarray(offset, offset + size)]);
  };
  return padded(items.map(one));
}

function write(items, data, memory) {
  const codes = items.map((item) => {
    const { code, offset, bit } = place(item, memory);
    const length = data.readUInt16BE(2);
    const size = data[1] === BITS ? length / 8 : length;
    if (code === DONE && data[1] === BIT)
      memory[offset] = (memory[offset] & ~(1 << bit)) | (data[4] << bit);
    else if (code === DONE) data.copy(memory, offset, 4, 4 + size);
    data = data.subarray(4 + size + (size % 2));
    return code;
  });
  return Buffer.from(codes);
}

function answerTo(request, memory) {
  if (request[5] === CONNECT)
    return packet(Buffer.from([17, CONFIRM]), request.subarray(8, 10), request.subarray(8, 22));
  const sequence = request.subarray(11, 13);
  const [parameters, data] = [request.readUInt16BE(13), request.subarray(17)];
  if (request[17] === SETUP)
    return answer(sequence, Buffer.concat([Buffer.from([SETUP, 0]), short(4, 4, PDU_BYTES)]));
  const items = Array.from({ length: request[18] }, (_, i) =>
    data.subarray(2 + i * 12, 14 + i * 12),
  );
  const result =
    request[17] === READ ? read(items, memory) : write(items, data.subarray(parameters), memory);
  return answer(sequence, request.subarray(17, 19), result);
}

/** A listener of connections for a controller whose DB1 is `memory`. */
function controller(memory) {
  return (socket) => {
    let rest = Buffer.alloc(0);
    socket.on('error', () => {}); // a client that is gone
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= rest.readUInt16BE(2)) {
        const size = rest.readUInt16BE(2);
        socket.write(answerTo(rest.subarray(0, size), memory));
        rest = rest.subarray(size);
      }
    });
  };
}

module.exports = { controller };
