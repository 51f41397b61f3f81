'use strict';
// From what the engine tells of a session (src/bind/http2/session.h, Http2Event) to its methods.
const { unpack } = require('internal/http2/headers');
const { on } = require('internal/http2/stream');

// Of enum Http2Event in src/bind/http2/session.h
const EVENT = {
  HEADERS: 0,
  DATA: 1,
  END: 2,
  CLOSED: 3,
  WANT_TRAILERS: 4,
  WRITTEN: 5,
  SETTINGS: 6,
  SETTINGS_ACK: 7,
  PING: 8,
  PING_ACK: 9,
  GOAWAY: 10,
  FRAME_ERROR: 11,
  PUSH: 12,
  ALTSVC: 13,
  ORIGIN: 14,
  FAILED: 15,
};

/** What is done about each: (session, stream's number, a, b, text). Data have their own way. */
const ACTIONS = {
  [EVENT.HEADERS]: (session, id, category, flags, text) => session._onHeaders(id, flags, text),
  [EVENT.END]: (session, id) => session._streams.get(id)?._tell(on.end),
  [EVENT.CLOSED]: (session, id, code) => session._streams.get(id)?._tell(on.closed, code),
  [EVENT.WANT_TRAILERS]: (session, id) => session._streams.get(id)?._tell(on.wantTrailers),
  [EVENT.WRITTEN]: (session, id) => session._streams.get(id)?._tell(on.written),
  [EVENT.SETTINGS]: (session, id, a, b, text) => session._onSettings(text),
  [EVENT.SETTINGS_ACK]: (session) => session._onSettingsAck(),
  [EVENT.PING]: (session, id, a, b, text) => session.emit('ping', Buffer.from(text, 'latin1')),
  [EVENT.PING_ACK]: (session, id, a, b, text) => session._onPingAck(Buffer.from(text, 'latin1')),
  [EVENT.GOAWAY]: (session, id, code, b, text = '') =>
    session._onGoaway(code, id, text === '' ? undefined : Buffer.from(text, 'latin1')),
  [EVENT.FRAME_ERROR]: (session, id, type, error) => session._onFrameError(id, type, error),
  [EVENT.PUSH]: (session, id, promised, flags, text) =>
    session._onPush(promised, flags, ...unpack(text)),
  [EVENT.ALTSVC]: (session, id, a, b, text) => session._onAltsvc(id, ...text.split('\0')),
  [EVENT.ORIGIN]: (session, id, a, b, text = '') =>
    session._onOrigin(text.split('\0').slice(0, -1)),
  [EVENT.FAILED]: (session, id, error, code) => session._onFailed(error, code),
};
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
      if (list[at] === EVENT.DATA) {
        const data = bytes.subarray(list[at + 2], list[at + 2] + list[at + 3]);
        session._onData(id, data);
      } else {
        ACTIONS[list[at]](session, id, list[at + 2], list[at + 3], list[at + 4]);
      }
    }
  } finally {
    // A listener threw: what followed is told all the same.
    if (at < list.length && !session.destroyed)
      process.nextTick(dispatch, session, list.slice(at + FIELDS), bytes);
  }
}

module.exports = { dispatch };
