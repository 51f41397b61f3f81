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
  get destroy() {
    return require('readable-stream/lib/internal/streams/destroy');
  },
};
