'use strict';
// events.EventEmitterAsyncResource: listeners run with the stores of where the emitter was made.
const EventEmitter = require('events');
const { AsyncResource } = require('async_hooks');
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');

class EventEmitterReferencingAsyncResource extends AsyncResource {
  #emitter;

  constructor(emitter, type, options) {
    super(type, options);
    this.#emitter = emitter;
  }

  get eventEmitter() {
    return this.#emitter;
  }
}

class EventEmitterAsyncResource extends EventEmitter {
  #resource;

  /** @param {string|{name?: string, triggerAsyncId?: number, requireManualDestroy?: boolean}} [options] */
  constructor(options = undefined) {
    let name;
    if (typeof options === 'string') [name, options] = [options, undefined];
    else {
      if (new.target === EventEmitterAsyncResource) validateString(options?.name, 'options.name');
      name = options?.name || new.target.name;
    }
    super(options);
    this.#resource = new EventEmitterReferencingAsyncResource(this, name, options);
  }

  static #of(emitter) {
    if (!(#resource in emitter)) throw new codes.ERR_INVALID_THIS('EventEmitterAsyncResource');
    return emitter.#resource;
  }

  emit(event, ...args) {
    return EventEmitterAsyncResource.#of(this).runInAsyncScope(super.emit, this, event, ...args);
  }

  emitDestroy() {
    EventEmitterAsyncResource.#of(this).emitDestroy();
  }

  get asyncId() {
    return EventEmitterAsyncResource.#of(this).asyncId();
  }

  get triggerAsyncId() {
    return EventEmitterAsyncResource.#of(this).triggerAsyncId();
  }

  get asyncResource() {
    return EventEmitterAsyncResource.#of(this);
  }
}

module.exports = { EventEmitterAsyncResource };
