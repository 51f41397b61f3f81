'use strict';
// How messages between processes are written and read, as Node does both: JSON texts, a line each;
// or V8's format ('advanced'), each after its length in four bytes.
const { Buffer } = require('buffer');
const { StringDecoder } = require('string_decoder');
const { codes } = require('internal/errors/codes');

const NEWLINE = 10;
const LENGTH_SIZE = 4;
/** Bytes of a message: more fit in no string of Node's, and who sends no end fills no memory. */
const MOST = 2 ** 29;

function checkLength(bytes) {
  if (bytes > MOST) throw new codes.ERR_IPC_MESSAGE_TOO_LONG(MOST);
}

/** JSON, a line a message. */
class JsonMessages {
  #decoder = new StringDecoder('utf8');
  #begun = []; // of a message whose end has not come
  #length = 0; // bytes of it

  /** @returns {Buffer} */
  write(message) {
    const text = JSON.stringify(message);
    return Buffer.from(`${text === undefined ? 'undefined' : text}\n`);
  }

  /** The messages that end in bytes. */
  *read(bytes) {
    let from = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, from)) >= 0; from = end + 1) {
      this.#begun.push(this.#decoder.write(bytes.subarray(from, end)));
      const text = this.#begun.join('');
      this.#begun = [];
      this.#length = 0;
      yield JSON.parse(text);
    }
    if (from === bytes.length) return;
    this.#length += bytes.length - from;
    checkLength(this.#length);
    this.#begun.push(this.#decoder.write(bytes.subarray(from)));
  }
}

/** What advanced messages are written with: a view says before it that it is one. */
function advancedClasses() {
  const { DefaultSerializer, DefaultDeserializer } = require('internal/util/default_serializer');
  const VIEW = 0;
  const OTHER = 1;
  class MessageSerializer extends DefaultSerializer {
    _writeHostObject(object) {
      if (ArrayBuffer.isView(object)) {
        this.writeUint32(VIEW);
        return super._writeHostObject(object);
      }
      this.writeUint32(OTHER);
      return this.writeValue({ ...object });
    }
  }
  class MessageDeserializer extends DefaultDeserializer {
    _readHostObject() {
      return this.readUint32() === VIEW ? super._readHostObject() : this.readValue();
    }
  }
  return { MessageSerializer, MessageDeserializer };
}

/** V8's format, each message after its length. */
class AdvancedMessages {
  #classes = advancedClasses();
  #chunks = [];
  #length = 0;

  write(message) {
    const serializer = new this.#classes.MessageSerializer();
    serializer.writeHeader();
    serializer.writeValue(message);
    const body = serializer.releaseBuffer();
    const whole = Buffer.allocUnsafe(LENGTH_SIZE + body.length);
    whole.writeUInt32BE(body.length);
    body.copy(whole, LENGTH_SIZE);
    return whole;
  }

  #join() {
    const whole = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }

  // The length of the first message, which may be spread over several chunks.
  #needed() {
    if (this.#length < LENGTH_SIZE) return Infinity;
    const first = this.#chunks[0].length < LENGTH_SIZE ? this.#join() : this.#chunks[0];
    const length = first.readUInt32BE();
    if (this.#length > LENGTH_SIZE) checkLength(length); // a length alone is no message so far
    return LENGTH_SIZE + length;
  }

  *read(bytes) {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    for (let size; this.#length >= (size = this.#needed());) {
      const whole = this.#join();
      this.#chunks = size < whole.length ? [whole.subarray(size)] : [];
      this.#length -= size;
      const reader = new this.#classes.MessageDeserializer(whole.subarray(LENGTH_SIZE, size));
      reader.readHeader();
      yield reader.readValue();
    }
  }
}

module.exports = { json: JsonMessages, advanced: AdvancedMessages };
