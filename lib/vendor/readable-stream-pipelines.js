// Files of readable-stream that join and transform streams; the rest is in vendor/readable-stream.
module.exports = {
  get compose() {
    return require('readable-stream/lib/internal/streams/compose');
  },
  get duplexify() {
    return require('readable-stream/lib/internal/streams/duplexify');
  },
  get operators() {
    return require('readable-stream/lib/internal/streams/operators');
  },
  get pipeline() {
    return require('readable-stream/lib/internal/streams/pipeline');
  },
};
