'use strict';
const runtime = binding('runtime');
module.exports = function run() { 
  runtime.writeSync(1, 'hello ' + runtime.entry + '\n');
};
