'use strict';
// TLS over any Duplex: its bytes go to and from a stream of the engine that has no descriptor.
const native = binding('tls');
const { codes } = require('internal/errors/codes');

class DuplexBridge {
  /**
   * @param {Duplex} duplex
   * @param {(error?: Error) => void} failed told when the Duplex fails or closes
   */
  constructor(duplex, failed) {
    this.duplex = duplex;
    this.id = native.createDuplex();
    this.paused = true;
    duplex.pause?.();
    this.onData = (chunk) => {
      if (typeof chunk === 'string' || duplex.readableObjectMode) {
        this.detach();
        failed(new codes.ERR_STREAM_WRAP());
      } else native.feed(this.id, chunk);
    };
    this.onEnd = () => native.feedEnd(this.id);
    this.onError = (error) => failed(error);
    this.onClose = () => {
      if (!duplex.readableEnded) native.duplexFailed(this.id);
    };
    duplex.on('data', this.onData);
    duplex.on('end', this.onEnd);
    duplex.on('error', this.onError);
    duplex.on('close', this.onClose);
    duplex.pause?.(); // a listener of `data` made it flow
  }

  output(bytes) {
    this.duplex.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (error) => {
      if (error) this.onError(error);
      else native.written(this.id);
    });
  }

  outputEnd() {
    this.duplex.end();
  }

  reading(on) {
    if (on) this.duplex.resume();
    else this.duplex.pause();
  }

  // `error` stays listened to: the Duplex may fail while it is destroyed.
  detach() {
    this.duplex.off('data', this.onData);
    this.duplex.off('end', this.onEnd);
    this.duplex.off('close', this.onClose);
  }
}

module.exports = { DuplexBridge };
