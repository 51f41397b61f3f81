'use strict';
// A stub of a Kafka broker: one topic of one partition, in memory, for producers and for consumers
// that are alone in their group. https://kafka.apache.org/protocol
const TOPIC = 'topic';
const NONE = 0;
const UNKNOWN_TOPIC = 3;
const MESSAGE_TOO_LARGE = 10;
const AUTHENTICATION_FAILED = 58;
const MOST_BYTES = 4 << 20;
const LATEST = -1n;
const LAST_OFFSET_DELTA = 23; // where a batch of records tells it
const WAIT_MS = 20; // between looks for what a consumer waits for

// ---- The protocol's types

function number(size, value) {
  const bytes = Buffer.alloc(size);
  if (size === 8) bytes.writeBigInt64BE(BigInt(value));
  else bytes.writeIntBE(value, 0, size);
  return bytes;
}
const int16 = (value) => number(2, value);
const int32 = (value) => number(4, value);
const int64 = (value) => number(8, value);
const string = (text) =>
  text === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
const bytes = (data) => Buffer.concat([int32(data.length), data]);
const array = (items) => Buffer.concat([int32(items.length), ...items]);
const list = (...parts) => Buffer.concat(parts);

class Reader {
  constructor(data) {
    this.data = data;
    this.at = 0;
  }
  #take(size) {
    return this.data.subarray(this.at, (this.at += size));
  }
  int8 = () => this.#take(1).readInt8();
  int16 = () => this.#take(2).readInt16BE();
  int32 = () => this.#take(4).readInt32BE();
  int64 = () => this.#take(8).readBigInt64BE();
  string = () => {
    const size = this.int16();
    return size < 0 ? null : `${this.#take(size)}`;
  };
  bytes = () => this.#take(this.int32());
  array = (read) => Array.from({ length: this.int32() }, () => read());
}

// ---- Requests: a number, the version that is answered, and the answer

/** Answers for each partition of each topic that a request names. */
const perPartition = (request, read) =>
  array(
    request.array(() => {
      const topic = request.string();
      return list(string(topic), array(request.array(() => read(request.int32(), topic))));
    }),
  );

function produce(request, log) {
  request.string(); // transaction
  request.int16(); // acknowledgements
  request.int32(); // time-out
  const answers = perPartition(request, (partition) => {
    const batch = Buffer.from(request.bytes());
    const offset = log.end;
    const code = batch.length > MOST_BYTES ? MESSAGE_TOO_LARGE : NONE;
    if (code === NONE) {
      batch.writeBigInt64BE(BigInt(offset));
      log.end += batch.readInt32BE(LAST_OFFSET_DELTA) + 1;
      log.batches.push({ end: log.end, batch });
    }
    return list(int32(partition), int16(code), int64(offset), int64(-1));
  });
  return list(answers, int32(0));
}

async function fetch(request, log) {
  request.int32(); // replica
  const until = Date.now() + request.int32();
  request.int32(); // fewest bytes
  request.int32(); // most bytes
  request.int8(); // isolation
  const wanted = [];
  perPartition(request, (partition) => {
    wanted.push({ partition, from: request.int64() });
    request.int32();
    return int32(0);
  });
  const [{ partition, from }] = wanted;
  while (log.end <= from && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  const found = log.batches.find(({ end }) => end > from)?.batch ?? Buffer.alloc(0);
  const state = list(int32(partition), int16(NONE), int64(log.end), int64(log.end), array([]));
  return list(int32(0), array([list(string(TOPIC), array([list(state, bytes(found))]))]));
}

function listOffsets(request, log) {
  request.int32(); // replica
  return perPartition(request, (partition) => {
    const offset = request.int64() === LATEST ? log.end : 0;
    return list(int32(partition), int16(NONE), int64(-1), int64(offset));
  });
}

function metadata(request, log) {
  const partition = list(int16(NONE), int32(0), int32(1), array([int32(1)]), array([int32(1)]));
  const topics = request.array(request.string).map((name) => {
    const known = name === TOPIC;
    const head = [int16(known ? NONE : UNKNOWN_TOPIC), string(name), number(1, 0)];
    return list(...head, array(known ? [partition] : []));
  });
  const broker = list(int32(1), string('127.0.0.1'), int32(log.port), string(null));
  return list(array([broker]), int32(1), array(topics));
}

function joinGroup(request) {
  request.string(); // group
  request.int32(); // time-out
  const member = request.string() || 'member';
  request.string(); // type of protocols
  const [[protocol, about]] = request.array(() => [request.string(), request.bytes()]);
  const members = array([list(string(member), bytes(about))]);
  return list(int16(NONE), int32(1), string(protocol), string(member), string(member), members);
}

function syncGroup(request) {
  request.string(); // group
  request.int32(); // generation
  request.string(); // member
  const [[, assigned]] = request.array(() => [request.string(), request.bytes()]);
  return list(int16(NONE), bytes(assigned));
}

function offsetCommit(request, log) {
  request.string(); // group
  request.int32(); // generation
  request.string(); // member
  request.int64(); // how long it is kept
  return perPartition(request, (partition) => {
    log.committed = request.int64();
    request.string();
    return list(int32(partition), int16(NONE));
  });
}

function offsetFetch(request, log) {
  request.string(); // group
  return perPartition(request, (partition) =>
    list(int32(partition), int64(log.committed), string(''), int16(NONE)),
  );
}

function authenticate(request) {
  if (`${request.bytes()}` === '\0user\0secret')
    return list(int16(NONE), string(null), bytes(Buffer.alloc(0)));
  return list(int16(AUTHENTICATION_FAILED), string('wrong password'), bytes(Buffer.alloc(0)));
}

const fine = () => int16(NONE);
const REQUESTS = new Map([
  [0, [3, produce]],
  [1, [4, fetch]],
  [2, [1, listOffsets]],
  [3, [1, metadata]],
  [8, [2, offsetCommit]],
  [9, [1, offsetFetch]],
  [10, [0, (_, { port }) => list(int16(NONE), int32(1), string('127.0.0.1'), int32(port))]],
  [11, [0, joinGroup]],
  [12, [0, fine]], // heartbeat
  [13, [0, fine]], // leaving
  [14, [0, syncGroup]],
  [17, [1, () => list(int16(NONE), array([string('PLAIN')]))]],
  [18, [2, () => list(int16(NONE), array(VERSIONS), int32(0))]],
  [36, [0, authenticate]],
]);
const VERSIONS = [...REQUESTS].map(([key, [version]]) =>
  list(int16(key), int16(version), int16(version)),
);

async function answer(data, log) {
  const request = new Reader(data);
  const key = request.int16();
  request.int16(); // version
  const correlation = request.int32();
  request.string(); // client
  return bytes(list(int32(correlation), await REQUESTS.get(key)[1](request, log)));
}

/** A log, which outlives its broker. */
const makeLog = () => ({ batches: [], end: 0, committed: -1n, port: 0 });

/** A listener of connections for a broker of the log. */
function broker(log) {
  return (socket) => {
    let rest = Buffer.alloc(0);
    socket.on('error', () => {}); // a client that is gone
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= rest.readInt32BE() + 4) {
        const end = rest.readInt32BE() + 4;
        answer(rest.subarray(4, end), log).then((data) => socket.writable && socket.write(data));
        rest = rest.subarray(end);
      }
    });
  };
}

module.exports = { broker, makeLog, TOPIC };
