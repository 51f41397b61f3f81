'use strict';
// From what the engine tells of a session (src/bind/http2/session.h, Http2Event) to its methods.
const { unpack } = require('internal/http2/headers');
const { on } = require('internal/http2/stream');

// src/bind/http2/session.h: Http2Event
const EVENTS = [
  (session, id, category, flags, text) => session._onHeaders(id, flags, text),
  null, // data: see dispatch()
  (session, id) => session._streams.get(id)?.[on.end](),
  (session, id, code) => session._streams.get(id)?.[on.closed](code),
  (session, id) => session._streams.get(id)?.[on.wantTrailers](),
  (session, id) => session._streams.get(id)?.[on.written](),
  (session) => session._onSettings(),
  (session) => session._onSettingsAck(),
  (session, id, a, b, text) => session.emit('ping', Buffer.from(text, 'latin1')),
  (session, id, a, b, text) => session._onPingAck(Buffer.from(text, 'latin1')),
  (session, id, code, b, text = '') => session._onGoaway(code, id, Buffer.from(text, 'latin1')),
  (session, id, type, error) => session._onFrameError(id, type, error),
  (session, id, promised, b, text) => session._onPush(promised, ...unpack(text)),
  (session, id, a, b, text) => session._onAltsvc(id, ...text.split('\0')),
  (session, id, a, b, text = '') => session._onOrigin(text.split('\0').slice(0, -1)),
  (session, id, error, code) => session._onFailed(error, code),
];
const DATA = 1;
const FIELDS = 5;

/**
 * Tells what happened, in order.
 * @param {object} session
 * @param {unknown[] | undefined} list  event, stream, a, b, text, event…
 * @param {Buffer} [bytes]  that data lie in
 */
function dispatch(session, list, bytes) {
  if (list === undefined) return;
  let at = 0;
  try {
    for (; at < list.length && !session.destroyed; at += FIELDS) {
      const id = list[at + 1];
      if (list[at] === DATA) {
        const data = bytes.subarray(list[at + 2], list[at + 2] + list[at + 3]);
        session._onData(id, data);
      } else {
        EVENTS[list[at]](session, id, list[at + 2], list[at + 3], list[at + 4]);
      }
    }
  } finally {
    // A listener threw: what followed is told all the same.
    if (at < list.length && !session.destroyed)
      process.nextTick(dispatch, session, list.slice(at + FIELDS), bytes);
  }
}

module.exports = { dispatch };
