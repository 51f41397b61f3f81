// Files of readable-stream that are no part of a Duplex; the rest is in vendor/readable-stream.
module.exports = {
  get transform() {
    return require('readable-stream/lib/internal/streams/transform');
  },
  get passthrough() {
    return require('readable-stream/lib/internal/streams/passthrough');
  },
  get 'end-of-stream'() {
    return require('readable-stream/lib/internal/streams/end-of-stream');
  },
  get from() {
    return require('readable-stream/lib/internal/streams/from');
  },
  get 'add-abort-signal'() {
    return require('readable-stream/lib/internal/streams/add-abort-signal');
  },
};
