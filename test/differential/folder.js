'use strict';
// A folder for one program of facts about files.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { trying } = require('./harness');

/** A folder of the program's own, and facts in which it is called DIR. */
function folder(fact, t) {
  const made = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'differential-')));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  const clean = (value) => {
    if (value instanceof Error)
      return Object.assign(new Error(clean(value.message)), { name: value.name, code: value.code });
    if (Array.isArray(value)) return value.map(clean);
    return typeof value === 'string'
      ? value.replaceAll(made, 'DIR').replace(/-[A-Za-z0-9]{6}\b/g, '-XXXXXX')
      : value;
  };
  const say = (label, ...values) => fact(clean(label), ...values.map(clean));
  const of = (label, run) => {
    let value;
    try {
      value = run();
    } catch (error) {
      say(label, 'throws', error);
      return;
    }
    say(label, value);
  };
  const tryOf = trying(say);
  fs.writeFileSync(path.join(made, 'file'), 'hello world');
  fs.mkdirSync(path.join(made, 'sub'));
  fs.writeFileSync(path.join(made, 'sub/inner'), 'inner');
  fs.symlinkSync('file', path.join(made, 'link'));
  return { at: (...names) => path.join(made, ...names), say, of, tryOf };
}

module.exports = { folder };
