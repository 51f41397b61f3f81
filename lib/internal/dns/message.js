'use strict';
// Answers of DNS servers (RFC 1035 section 4). All that comes here is from outside: a message that
// does not keep to its own lengths is no answer.

/** The numbers of the types of records, by name. */
const TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  TLSA: 52,
  ANY: 255,
  CAA: 257,
};
const MAX_NAME = 255; // RFC 1035 section 2.3.4
const MAX_POINTERS = 128; // of a name, which has fewer labels

class BadMessage extends Error {}

const latin1 = (bytes) => Buffer.from(bytes).toString('latin1');

/** Reads a part of a message; every read past its end throws BadMessage. */
class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  take(count) {
    const from = this.at;
    if (count > this.end - from) throw new BadMessage();
    this.at = from + count;
    return from;
  }
  u8() {
    return this.bytes[this.take(1)];
  }
  u16() {
    return this.u8() * 256 + this.u8();
  }
  u32() {
    return this.u16() * 65536 + this.u16();
  }
  block(count) {
    const from = this.take(count);
    return this.bytes.subarray(from, from + count);
  }
  rest() {
    return this.block(this.end - this.at);
  }
  /** A <character-string>: a length and that many bytes. */
  text() {
    return latin1(this.block(this.u8()));
  }

  /** A name; pointers lead to earlier bytes of the message only, so that there is an end. */
  name() {
    const labels = [];
    let length = 0;
    let pointers = 0;
    let reader = this;
    for (;;) {
      const start = reader.at;
      const size = reader.u8();
      if (size === 0) return labels.join('.');
      if (size >= 0xc0) {
        const target = (size - 0xc0) * 256 + reader.u8();
        if (target >= start || ++pointers > MAX_POINTERS) throw new BadMessage();
        reader = new Reader(this.bytes, target, start);
      } else {
        length += size + 1;
        if (size > 63 || length > MAX_NAME) throw new BadMessage();
        labels.push(escapeLabel(reader.block(size)));
      }
    }
  }
}

/** A label as in zone files, where '.' and others stand for something else (RFC 1035 section 5.1). */
function escapeLabel(bytes) {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (byte < 0x21 || byte > 0x7e) text += `\\${String(byte).padStart(3, '0')}`;
    else text += '".;\\()@$'.includes(char) ? `\\${char}` : char;
  }
  return text;
}

function ip4(reader) {
  return reader.block(4).join('.');
}

/**
 * The form of inet_ntop(3): the longest run of two or more zeros, the first such, is '::', and what
 * holds an IPv4 address shows it.
 */
function ip6(reader) {
  const bytes = reader.block(16);
  const words = Array.from({ length: 8 }, (_, i) => bytes[2 * i] * 256 + bytes[2 * i + 1]);
  const mapped = words[5] === 0xffff;
  if (words.findIndex((word) => word !== 0) === (mapped ? 5 : 6))
    return `::${mapped ? 'ffff:' : ''}${bytes.subarray(12).join('.')}`;
  const text = words.map((word) => word.toString(16)).join(':');
  let zeros = '';
  for (const [run] of text.matchAll(/\b0(?::0)+\b/g)) if (run.length > zeros.length) zeros = run;
  return zeros === '' ? text : text.replace(new RegExp(`(?:^|:)\\b${zeros}\\b(?::|$)`), '::');
}

const strings = (reader) => {
  const list = [];
  while (reader.at < reader.end) list.push(reader.text());
  return list;
};

/** What Node makes of the data of a record, by type. */
const readers = {
  A: ip4,
  AAAA: ip6,
  NS: (reader) => reader.name(),
  CNAME: (reader) => reader.name(),
  PTR: (reader) => reader.name(),
  TXT: strings,
  MX(reader) {
    const priority = reader.u16();
    return { exchange: reader.name(), priority };
  },
  SRV(reader) {
    const [priority, weight, port] = [reader.u16(), reader.u16(), reader.u16()];
    return { name: reader.name(), port, priority, weight };
  },
  SOA: (reader) => ({
    nsname: reader.name(),
    hostmaster: reader.name(),
    serial: reader.u32(),
    refresh: reader.u32(),
    retry: reader.u32(),
    expire: reader.u32(),
    minttl: reader.u32(),
  }),
  NAPTR(reader) {
    const [order, preference] = [reader.u16(), reader.u16()];
    const [flags, service, regexp] = [reader.text(), reader.text(), reader.text()];
    return { flags, service, regexp, replacement: reader.name(), order, preference };
  },
  CAA(reader) {
    const critical = reader.u8();
    const tag = reader.text();
    return { critical, [tag]: latin1(reader.rest()) };
  },
  TLSA(reader) {
    const [certUsage, selector, match] = [reader.u8(), reader.u8(), reader.u8()];
    return { certUsage, selector, match, data: reader.rest().slice().buffer };
  },
};
const namesOfTypes = new Map(Object.entries(TYPES).map(([name, number]) => [number, name]));

/**
 * The records of a message's answer: [{type, ttl, value}], those of other types left out. Undefined
 * if it is no sound message.
 * @param {Uint8Array} bytes
 */
function parseAnswer(bytes) {
  try {
    const reader = new Reader(bytes);
    reader.take(4); // number and flags, which the resolver has seen to
    const [questions, answers] = [reader.u16(), reader.u16()];
    reader.take(4);
    for (let i = 0; i < questions; ++i) {
      reader.name();
      reader.take(4);
    }
    const records = [];
    for (let i = 0; i < answers; ++i) {
      reader.name();
      const type = namesOfTypes.get(reader.u16());
      const internet = reader.u16() === 1;
      const ttl = reader.u32();
      const size = reader.u16();
      const start = reader.take(size);
      if (!internet || !Object.hasOwn(readers, type ?? '')) continue;
      records.push({ type, ttl, value: readers[type](new Reader(bytes, start, start + size)) });
    }
    return records;
  } catch (error) {
    if (error instanceof BadMessage) return undefined;
    throw error;
  }
}

module.exports = { TYPES, parseAnswer };
