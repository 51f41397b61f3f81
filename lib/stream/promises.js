'use strict';
// pipeline() and finished() that return promises.
const stream = require('stream');
const parts = require('vendor/readable-stream');

function isOptions(value) {
  const { isNodeStream, isIterable, isWebStream } = parts.utils;
  return (
    value !== null &&
    typeof value === 'object' &&
    !isNodeStream(value) &&
    !isIterable(value) &&
    !isWebStream(value)
  );
}

/**
 * Pipes streams together; the last argument may be {signal, end}. Resolves with what the last
 * one returns if it is a function.
 */
function pipeline(...streams) {
  void stream.pipeline; // loads what a pipeline is made of
  return new Promise((resolve, reject) => {
    const options = isOptions(streams.at(-1)) ? streams.pop() : {};
    require('vendor/readable-stream-pipelines').pipeline.pipelineImpl(
      streams,
      (error, value) => (error ? reject(error) : resolve(value)),
      { signal: options.signal, end: options.end },
    );
  });
}

module.exports = {
  /** Resolves when the stream has ended or was closed, rejects when it failed. */
  finished: (target, options) =>
    require('vendor/readable-stream-ends')['end-of-stream'].finished(target, options),
  pipeline,
};
