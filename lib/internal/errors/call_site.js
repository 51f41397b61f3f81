'use strict';
// What Error.prepareStackTrace gets: V8's CallSite objects, as far as the engine knows.
const { formatFrame } = require('internal/errors/stack');

class CallSite {
  #frame;
  constructor(frame) {
    this.#frame = frame;
  }
  getThis() {}
  getFunction() {}
  getTypeName() {
    return this.#frame.name === '' ? 'Object' : null;
  }
  getFunctionName() {
    return this.#frame.name || null;
  }
  getMethodName() {
    return null;
  }
  getFileName() {
    return this.#frame.file || undefined;
  }
  getScriptNameOrSourceURL() {
    return this.#frame.file || undefined;
  }
  getScriptHash() {
    return '';
  }
  getLineNumber() {
    return this.#frame.line || null;
  }
  getColumnNumber() {
    return this.#frame.column || null;
  }
  getEnclosingLineNumber() {
    return this.getLineNumber();
  }
  getEnclosingColumnNumber() {
    return this.getColumnNumber();
  }
  getPosition() {
    return 0;
  }
  getPromiseIndex() {
    return null;
  }
  getEvalOrigin() {}
  isToplevel() {
    return this.#frame.name === '';
  }
  isEval() {
    return this.#frame.name === 'eval' && this.#frame.file === '';
  }
  isNative() {
    return this.#frame.native;
  }
  isConstructor() {
    return false;
  }
  isAsync() {
    return this.#frame.waits === true;
  }
  isPromiseAll() {
    return false;
  }
  toString() {
    return formatFrame(this.#frame);
  }
}

/** @param {import('internal/errors/stack').Frame[]} frames */
exports.callSites = (frames) => frames.map((frame) => new CallSite(frame));
