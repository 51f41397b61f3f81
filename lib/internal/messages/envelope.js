'use strict';
// Values between tasks: V8's format for what is copied, and beside it the buffers, the shared memory
// the ports and the sockets that go along, by their index.
const native = binding('ports');
const { Buffer } = require('buffer');
const { kHandle } = require('internal/base/opaque');
const { DOMException } = require('internal/errors/domexception');
const { EventTarget } = require('internal/events/event_target');
const { Serializer } = require('internal/util/serializer');
const { Deserializer } = require('internal/util/deserializer');
const {
  checkTransferable,
  hasState,
  isExotic,
  isHandle,
  kTransfer,
  NEEDS_TRANSFER,
  revive,
  stateOf,
  uncloneable,
} = require('internal/util/structured_clone');

// Objects that V8's format has no tag for.
const PORT = 1;
const EXCEPTION = 2;
const STATE = 3;
const HANDLE = 4;

const isPort = (value) => typeof value?.[kTransfer] === 'function';
const isMovable = (value) => isPort(value) || isHandle(value);

function refuse(message) {
  throw new DOMException(message, 'DataCloneError');
}

class Writer extends Serializer {
  shared = [];
  ports = [];
  handles = new Map(); // socket or server → what kHandle gave

  _getDataCloneError(message) {
    return new DOMException(message, 'DataCloneError');
  }

  _getSharedArrayBufferId(buffer) {
    if (!native.canShare(buffer))
      refuse('#<SharedArrayBuffer> could not be cloned: this engine does not share its memory.');
    if (!this.shared.includes(buffer)) this.shared.push(buffer);
    return this.shared.indexOf(buffer);
  }

  _isHostObject(value) {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return uncloneable.has(value);
    return (
      value instanceof EventTarget ||
      value instanceof DOMException ||
      isHandle(value) ||
      isExotic(value)
    );
  }

  _writeHostObject(value) {
    if (value instanceof DOMException) {
      this.writeUint32(EXCEPTION);
      this.writeValue([value.message, value.name, value.stack]);
      return;
    }
    if (hasState(value)) {
      this.writeUint32(STATE);
      this.writeValue(stateOf(value));
      return;
    }
    if (isHandle(value)) {
      const handle = this.handles.get(value);
      if (handle === undefined) refuse(NEEDS_TRANSFER);
      this.writeUint32(HANDLE);
      this.writeUint32([...this.handles.keys()].indexOf(value));
      this.writeValue(handle.state);
      return;
    }
    if (!isPort(value)) refuse(`#<${value.constructor?.name}> could not be cloned.`);
    const index = this.ports.indexOf(value);
    if (index < 0) refuse(NEEDS_TRANSFER);
    this.writeUint32(PORT);
    this.writeUint32(index);
  }
}

class Reader extends Deserializer {
  shared = [];
  ports = [];
  descriptors = []; // undefined: taken
  handles = []; // what was made of them

  _getSharedArrayBufferFromId(index) {
    const buffer = this.shared[index]?.buffer;
    if (buffer === undefined) throw new Error('The memory of a SharedArrayBuffer is gone.');
    return buffer;
  }

  _readHostObject() {
    const kind = this.readUint32();
    if (kind === PORT) return this.ports[this.readUint32()];
    if (kind === STATE) return revive(...this.readValue());
    if (kind === HANDLE) return this.#handle(this.readUint32(), this.readValue());
    const [message, name, stack] = this.readValue();
    const exception = new DOMException(message, name);
    Object.defineProperty(exception, 'stack', { value: stack, writable: true, configurable: true });
    return exception;
  }

  #handle(index, state) {
    const made = revive('Handle', [this.descriptors[index], ...state]);
    this.descriptors[index] = undefined;
    this.handles.push(made);
    return made;
  }
}

/**
 * What post() of the binding takes for a value. Everything that can fail comes before anything moves.
 * @param {any} value
 * @param {object[]} transfer ArrayBuffers and ports; they are of no more use here
 * @param {(port: MessagePort) => number} release gives a port's end away
 */
function write(value, transfer, release) {
  checkTransferable(transfer, isMovable);
  const writer = new Writer();
  const buffers = transfer.filter((one) => !isMovable(one));
  writer.handles = new Map(transfer.filter(isHandle).map((one) => [one, one[kHandle]()]));
  writer.ports = transfer.filter(isPort);
  if (!writer.ports.every((port) => port._open))
    refuse('MessagePort in transfer list is already detached');
  for (const [index, buffer] of buffers.entries()) writer.transferArrayBuffer(index, buffer);
  writer.writeHeader();
  writer.writeValue(value);
  const bytes = writer.releaseBuffer();
  const handles = [...writer.handles.values()];
  const descriptors = [];
  try {
    for (const { duplicate } of handles) descriptors.push(duplicate());
    // The bytes are copied: a heap's memory stays that heap's.
    const copies = buffers.map((buffer) => new Uint8Array(buffer.transfer()));
    const ports = writer.ports.map(release);
    for (const { leave } of handles) leave();
    return [bytes, copies, writer.shared, ports, descriptors];
  } catch (error) {
    descriptors.forEach(native.discard);
    throw error;
  }
}

/** The value of what take() of the binding returned. @param {(id: number) => MessagePort} adopt */
function read([bytes, buffers, shared, ids, descriptors], adopt) {
  const ports = ids.filter((id) => id !== undefined).map(adopt);
  const reader = new Reader(Buffer.from(bytes));
  reader.shared = shared;
  reader.ports = ports;
  reader.descriptors = descriptors;
  for (const [index, buffer] of buffers.entries()) reader.transferArrayBuffer(index, buffer);
  try {
    reader.readHeader();
    return { data: reader.readValue(), ports };
  } catch (error) {
    // Nobody has those who could end them.
    for (const one of reader.handles) (one.destroy ?? one.close).call(one);
    throw error;
  } finally {
    // What the value does not name, or could not be made.
    for (const fd of descriptors) if (fd !== undefined) native.discard(fd);
  }
}

module.exports = { isPort, read, write };
