'use strict';
// The module node:test (https://nodejs.org/api/test.html).
const { defineMade } = require('internal/base/lazy');
const harness = () => require('internal/test/harness');

/** name, options and function of a call, with one option more. */
function withOption(args, option) {
  const given = [...args];
  const at = given.findIndex((one) => typeof one === 'object' && one !== null);
  if (at >= 0) given[at] = { ...given[at], ...option };
  else given.splice(typeof given[0] === 'function' ? 0 : 1, 0, option);
  if (given[0] === undefined) given.shift();
  return given;
}

function adder(name, kind) {
  const fn = {
    [name](...args) {
      const { add, surroundings } = harness();
      return add(surroundings(), kind, args);
    },
  }[name];
  for (const option of ['skip', 'todo', 'only'])
    fn[option] = (...args) => {
      const { add, surroundings } = harness();
      return add(surroundings(), kind, withOption(args, { [option]: true }));
    };
  return fn;
}

const hook = (kind) =>
  ({
    [kind](fn, options) {
      const { addHook, surroundings } = harness();
      addHook(surroundings(), kind, fn, options);
    },
  })[kind];

const test = adder('test', 'test');
const suite = adder('suite', 'suite');

module.exports = Object.assign(test, {
  after: hook('after'),
  afterEach: hook('afterEach'),
  before: hook('before'),
  beforeEach: hook('beforeEach'),
  describe: suite,
  it: test,
  run: (options) => require('internal/test/run').run(options),
  suite,
  test,
});
defineMade(test, ['mock'], () => new (require('internal/test/mock').MockTracker)());
defineMade(test, ['snapshot'], () => {
  const {
    setDefaultSnapshotSerializers,
    setResolveSnapshotPath,
  } = require('internal/test/snapshot');
  return { setDefaultSnapshotSerializers, setResolveSnapshotPath };
});
defineMade(test, ['assert'], () => ({ register: require('internal/test/context').register }));
