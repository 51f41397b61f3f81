// Files of the package readable-stream by their names, each loaded when it is first used.
module.exports = {
  get legacy() {
    return require('readable-stream/lib/internal/streams/legacy');
  },
  get utils() {
    return require('readable-stream/lib/internal/streams/utils');
  },
  get state() {
    return require('readable-stream/lib/internal/streams/state');
  },
  get readable() {
    return require('readable-stream/lib/internal/streams/readable');
  },
  get writable() {
    return require('readable-stream/lib/internal/streams/writable');
  },
  get duplex() {
    return require('readable-stream/lib/internal/streams/duplex');
  },
  get transform() {
    return require('readable-stream/lib/internal/streams/transform');
  },
  get passthrough() {
    return require('readable-stream/lib/internal/streams/passthrough');
  },
  get 'end-of-stream'() {
    return require('readable-stream/lib/internal/streams/end-of-stream');
  },
  get destroy() {
    return require('readable-stream/lib/internal/streams/destroy');
  },
  get from() {
    return require('readable-stream/lib/internal/streams/from');
  },
  get 'add-abort-signal'() {
    return require('readable-stream/lib/internal/streams/add-abort-signal');
  },
};
