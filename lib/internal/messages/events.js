'use strict';
// The events of ports, WebSocket and EventSource: MessageEvent, CloseEvent, ErrorEvent
// (https://html.spec.whatwg.org/#messageevent, https://websockets.spec.whatwg.org/#closeevent).
const { Event, kSetTrusted } = require('internal/events/event_target');

class MessageEvent extends Event {
  #init;
  /** @param {string} type @param {{data?: any, origin?: string, lastEventId?: string, source?: object | null, ports?: MessagePort[]}} [init] */
  constructor(type, init = {}) {
    super(...(arguments.length === 0 ? [] : [type, init]));
    const { data = null, origin = '', lastEventId = '', source = null, ports = [] } = init ?? {};
    this.#init = {
      data,
      origin: `${origin}`,
      lastEventId: `${lastEventId}`,
      source,
      ports: Object.freeze([...ports]),
    };
  }
  get data() {
    return this.#init.data;
  }
  get origin() {
    return this.#init.origin;
  }
  get lastEventId() {
    return this.#init.lastEventId;
  }
  get source() {
    return this.#init.source;
  }
  get ports() {
    return this.#init.ports;
  }
  initMessageEvent(type, bubbles, cancelable, data, origin, lastEventId, source, ports) {
    this.initEvent(type, bubbles, cancelable);
    this.#init = { data, origin, lastEventId, source, ports };
  }
}

class CloseEvent extends Event {
  #init;
  /** @param {string} type @param {{wasClean?: boolean, code?: number, reason?: string}} [init] */
  constructor(type, init = {}) {
    super(...(arguments.length === 0 ? [] : [type, init]));
    const { wasClean = false, code = 0, reason = '' } = init ?? {};
    this.#init = { wasClean: Boolean(wasClean), code: code & 0xffff, reason: `${reason}` };
  }
  get wasClean() {
    return this.#init.wasClean;
  }
  get code() {
    return this.#init.code;
  }
  get reason() {
    return this.#init.reason;
  }
}

class ErrorEvent extends Event {
  #init;
  /** @param {string} type @param {{message?: string, filename?: string, lineno?: number, colno?: number, error?: any}} [init] */
  constructor(type, init = {}) {
    super(...(arguments.length === 0 ? [] : [type, init]));
    const { message = '', filename = '', lineno = 0, colno = 0, error } = init ?? {};
    this.#init = { message: `${message}`, filename: `${filename}`, lineno, colno, error };
  }
  get message() {
    return this.#init.message;
  }
  get filename() {
    return this.#init.filename;
  }
  get lineno() {
    return this.#init.lineno;
  }
  get colno() {
    return this.#init.colno;
  }
  get error() {
    return this.#init.error;
  }
}

for (const Class of [MessageEvent, CloseEvent, ErrorEvent]) {
  for (const name of Object.getOwnPropertyNames(Class.prototype))
    if (name !== 'constructor') Object.defineProperty(Class.prototype, name, { enumerable: true });
  Object.defineProperty(Class.prototype, Symbol.toStringTag, {
    value: Class.name,
    configurable: true,
  });
}

/** A MessageEvent that the runtime dispatches. */
function createFastMessageEvent(type, init) {
  const event = new MessageEvent(type, init);
  // undefined is a value too, and not the lack of one.
  if (init.data === undefined)
    event.initMessageEvent(type, false, false, undefined, '', '', null, event.ports);
  event[kSetTrusted]?.();
  return event;
}

module.exports = { CloseEvent, ErrorEvent, MessageEvent, createFastMessageEvent };
