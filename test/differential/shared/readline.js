'use strict';
// What interfaces of programs of facts about readline write to.
const { Writable } = require('stream');

function sink(columns = 20) {
  const output = new Writable({
    write(chunk, encoding, done) {
      output.text += chunk;
      done();
    },
  });
  return Object.assign(output, { text: '', columns });
}

module.exports = { sink };
