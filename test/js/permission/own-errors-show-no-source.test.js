'use strict';
const { attack } = require('../../helpers/permission');

// A report of an error shows the line of source that a stack names: the name may be any.
attack(
  'no stack makes the runtime show a file',
  { allow: ['task={dir}/app'], places: ['main'] },
  async (t) => {
    const { inspect } = require('util');
    const assert = require('assert');
    const error = new Error('x');
    error.stack = `Error: x\n    at f (${t.dir}/out/secret:1:1)`;
    t.check('inspect', !inspect(error).includes('SECRET'));
    const make = new Function(`throw new Error('y') //# sourceURL=${t.dir}/out/secret`);
    let text = '';
    try {
      make();
    } catch (caught) {
      text = inspect(caught) + caught.stack;
    }
    t.check('sourceURL', !text.includes('SECRET'));
    try {
      new Function('assert', `assert(false) //# sourceURL=${t.dir}/out/secret`)(assert);
    } catch (caught) {
      text = caught.message;
    }
    t.check('assert', !text.includes('SECRET'));
  },
);
