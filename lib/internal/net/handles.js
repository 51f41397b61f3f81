'use strict';
// The way from C++ to the owner of a stream or listener. What streams read waits in a batch, which
// deliver() tells; every other event arrives in dispatch(), after what waits.
const native = binding('net');
const { FastBuffer } = require('internal/buffer/view');
const stores = require('internal/base/stores');

// The numbers of enum NetEvent in src/bind/net/state.h.
const CONNECT = 1;
const END = 2;
const DRAIN = 3;
const SHUTDOWN = 4;
const ERROR = 5;
const IDLE = 6;
const ACCEPT = 7;
const STARVED = 8;
const PICK = 9;
const MEMBER = 10;
const GROUP_CLOSED = 11;
const SECURE = 12;
const TLS_ERROR = 13;
const KEYLOG = 14;
const SESSION = 15;
const HELLO = 16;
const OUTPUT = 17;
const OUTPUT_END = 18;
const READING = 19;
const PROTOCOLS = 20;
const PSK = 21;
const GROUP_DRAIN = 22;
const REFUSED = 23;
const SERVER_SESSION = 24;
const LOOKUP = 25;
const LEAVE = 26;
const CARRY = 27;

const INDEX_MASK = (1 << 20) - 1;

/** Handle index → owner; an owner stays alive here while its handle is open. */
const owners = [undefined];
const ids = [-1]; // handle index → the number of the handle that is open
const contexts = []; // handle index → the stores when it got its owner, if there was a storage

const { batch } = native;
// The numbers of struct Batch in src/bind/net/state.h: four, then three for each entry.
const TOLD = 0;
const COUNT = 1;
const SLAB = 2;
const GIVING = 3; // is of internal/net/read_target

const FIRST = GIVING + 1;
const SIZE = 3;
let slab; // the ArrayBuffer that the entries are in
let slabNumber = 0;

/** What an owner may define to be told of events. */
const on = {
  connect: Symbol('connect'),
  data: Symbol('data'),
  filled: Symbol('filled'),
  end: Symbol('end'),
  drain: Symbol('drain'),
  shutdown: Symbol('shutdown'),
  error: Symbol('error'),
  idle: Symbol('idle'),
  accept: Symbol('accept'),
  starved: Symbol('starved'),
  pick: Symbol('pick'),
  member: Symbol('member'),
  groupClosed: Symbol('groupClosed'),
  secure: Symbol('secure'),
  tlsError: Symbol('tlsError'),
  keylog: Symbol('keylog'),
  session: Symbol('session'),
  hello: Symbol('hello'),
  output: Symbol('output'),
  outputEnd: Symbol('outputEnd'),
  reading: Symbol('reading'),
  protocols: Symbol('protocols'),
  psk: Symbol('psk'),
  refused: Symbol('refused'),
  groupDrain: Symbol('groupDrain'),
  serverSession: Symbol('serverSession'),
  lookup: Symbol('lookup'),
  leave: Symbol('leave'),
  carry: Symbol('carry'),
};
const { data: onData, filled: onFilled } = on;

// Whether the bytes of an entry lie in memory of the program's own.
const isOwn = (at) => batch[at + 1] < 0;

function bytesOf(at) {
  if (batch[SLAB] !== slabNumber) {
    slab = native.batchSlab();
    slabNumber = batch[SLAB];
  }
  return new FastBuffer(slab, batch[at + 1], batch[at + 2]);
}

function inContext(index, fn, thisArg, args) {
  return stores.callback(contexts[index] ?? stores.current, fn, thisArg, args);
}

function tellEntry(owner, at) {
  if (isOwn(at)) owner[onFilled](batch[at + 2]);
  else owner[onData](bytesOf(at));
}

// A listener may turn the loop: what is left is then told from there.
function deliver() {
  while (batch[TOLD] < batch[COUNT]) {
    const at = FIRST + SIZE * batch[TOLD]++;
    const id = batch[at];
    const index = id & INDEX_MASK;
    if (ids[index] === id) {
      try {
        if (stores.used) inContext(index, tellEntry, undefined, [owners[index], at]);
        else tellEntry(owners[index], at);
      } catch (error) {
        process._uncaught(error);
      }
    }
    if (batch[TOLD] < batch[COUNT] && !process._settle()) return; // called again for the rest
  }
}

/**
 * Takes from the batch what handle id read and was not told of.
 * @param {ReadTarget} [target] of its owner
 * @returns {Buffer[]}
 */
function takeUntold(id, target) {
  const all = [];
  for (let i = batch[TOLD]; i < batch[COUNT]; i++) {
    const at = FIRST + SIZE * i;
    if (batch[at] !== id) continue;
    all.push(isOwn(at) ? target.read(batch[at + 2]) : bytesOf(at));
    batch[at] = 0; // nobody's
  }
  return all;
}

function dispatch(id, event, a, b) {
  const index = id & INDEX_MASK;
  if (stores.used) return inContext(index, tell, undefined, [owners[index], event, a, b]);
  return tell(owners[index], event, a, b);
}

// The events that ask something.
function answer(owner, event, a, b) {
  if (event === CARRY) return owner[on.carry]();
  if (event === PICK) return owner[on.pick](a, b);
  return event === PSK ? owner[on.psk](a) : undefined;
}

function tell(owner, event, a, b) {
  switch (event) {
    case CONNECT:
      owner[on.connect](a);
      break;
    case END:
      owner[on.end]();
      break;
    case DRAIN:
      owner[on.drain]();
      break;
    case SHUTDOWN:
      owner[on.shutdown]();
      break;
    case ERROR:
      owner[on.error](a, b === 0 ? 'read' : 'write');
      break;
    case IDLE:
      owner[on.idle]();
      break;
    case ACCEPT:
      owner[on.accept](a, b);
      break;
    case STARVED:
      owner[on.starved](a);
      break;
    case MEMBER:
      owner[on.member](a, b);
      break;
    case GROUP_CLOSED:
      owner[on.groupClosed]();
      break;
    case SECURE:
      owner[on.secure](a, b);
      break;
    case TLS_ERROR:
      owner[on.tlsError](a);
      break;
    case KEYLOG:
      owner[on.keylog](a);
      break;
    case SESSION:
      owner[on.session](a);
      break;
    case HELLO:
      owner[on.hello](a);
      break;
    case OUTPUT:
      owner[on.output](a);
      break;
    case OUTPUT_END:
      owner[on.outputEnd]();
      break;
    case READING:
      owner[on.reading](a);
      break;
    case PROTOCOLS:
      owner[on.protocols](a, b);
      break;
    case GROUP_DRAIN:
      owner[on.groupDrain](a);
      break;
    case SERVER_SESSION:
      owner[on.serverSession](a, b);
      break;
    case LOOKUP:
      owner[on.lookup](a);
      break;
    case LEAVE:
      owner[on.leave](a);
      break;
    case REFUSED:
      owner[on.refused](a, b);
      break;
    default:
      return answer(owner, event, a, b);
  }
  return undefined;
}

native.setFunctions(dispatch, deliver);

/** Makes owner the receiver of the events of handle id. */
function own(id, owner) {
  const index = id & INDEX_MASK;
  owners[index] = owner;
  ids[index] = id;
  if (stores.used) contexts[index] = stores.capture('TCPWRAP', owner);
}

/**
 * Closes handle id; the number is not valid afterwards.
 * @param {number} id
 * @param {boolean} [reset] with RST
 * @param {string} [cause] the code of the close reason, if it is not the program's wish
 * @returns {number} of the CloseCode, 0 for what is no connection
 */
function close(id, reset = false, cause = undefined) {
  const index = id & INDEX_MASK;
  const code = native.close(id, reset, cause);
  owners[index] = undefined;
  ids[index] = -1;
  if (stores.used) contexts[index] = undefined;
  return code;
}

/** The owners of what is open. */
const all = () => owners.filter((owner) => owner !== undefined);

/** What programs see of an open handle as `_handle`; a channel takes it to another process. */
class Handle {
  constructor(id, parent) {
    this.id = id;
    this.fd = native.descriptor(id);
    // What the bytes go over; http2-wrapper asks for its class when it loads.
    this._parentWrap = parent;
  }

  close() {}
}

module.exports = { Handle, all, on, own, close, takeUntold };
