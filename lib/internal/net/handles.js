'use strict';
// The way from C++ to the owner of a stream or listener: every event arrives in dispatch().
const native = binding('net');
const { FastBuffer } = require('internal/buffer_view');

// The numbers of enum NetEvent in src/js/net_state.h.
const CONNECT = 1;
const DATA = 2;
const END = 3;
const DRAIN = 4;
const SHUTDOWN = 5;
const ERROR = 6;
const IDLE = 7;
const ACCEPT = 8;
const STARVED = 9;
const SLAB = 10;
const PICK = 11;
const MEMBER = 12;
const GROUP_CLOSED = 13;
const SECURE = 14;
const TLS_ERROR = 15;
const KEYLOG = 16;
const SESSION = 17;
const HELLO = 18;
const OUTPUT = 19;
const OUTPUT_END = 20;
const READING = 21;

const INDEX_MASK = (1 << 20) - 1;

/** Handle index → owner; an owner stays alive here while its handle is open. */
const owners = [undefined];
let slab; // the ArrayBuffer that bytes are read into

/** What an owner may define to be told of events. */
const on = {
  connect: Symbol('connect'),
  data: Symbol('data'),
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
};
const { data: onData } = on;

native.setDispatch((id, event, a, b) => {
  const owner = owners[id & INDEX_MASK];
  if (event === DATA) {
    owner[onData](new FastBuffer(slab, a, b));
    return;
  }
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
    case SLAB:
      slab = a;
      break;
    case PICK:
      return owner[on.pick](a, b);
    case MEMBER:
      owner[on.member](a, b);
      break;
    case GROUP_CLOSED:
      owner[on.groupClosed]();
      break;
    case SECURE:
      owner[on.secure]();
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
  }
});

/** Makes owner the receiver of the events of handle id. */
function own(id, owner) {
  owners[id & INDEX_MASK] = owner;
}

/** Closes handle id, with RST if reset; the number is not valid afterwards. */
function close(id, reset = false) {
  native.close(id, reset);
  owners[id & INDEX_MASK] = undefined;
}

module.exports = { on, own, close };
