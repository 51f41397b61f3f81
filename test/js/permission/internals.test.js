'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack('the native functions are out of reach', { allow: [] }, async (t) => {
  const gone = (label, get) => {
    let value;
    try {
      value = get();
    } catch {}
    t.check(label, value === undefined || value === null);
  };
  gone('process.binding fs', () => process.binding('fs').open);
  gone('process._linkedBinding', () => process._linkedBinding);
  gone('global binding', () => globalThis.binding);
  gone('require internal', () => require('internal/process/permission'));
  gone('require of a binding', () => require('binding'));
  gone('module.constructor', () => module.constructor.binding);
  gone('getBuiltinModule', () => process.getBuiltinModule('internal/fs/utils'));
  gone('callee', () => fs.readFileSync.caller);
  gone('the cache', () => Object.keys(require.cache).find((key) => key.startsWith('internal/')));
  let seen;
  Error.prepareStackTrace = (_, frames) => frames;
  try {
    fs.readFileSync('/etc/hostname');
  } catch (error) {
    seen = error.stack;
  }
  Error.prepareStackTrace = undefined;
  if (Array.isArray(seen))
    for (const frame of seen) {
      gone('getFunction', () => frame.getFunction?.());
      gone('getThis', () => {
        const self = frame.getThis?.();
        return self === globalThis ? undefined : self;
      });
    }
  await t.refused('after all of that', () => fs.readFileSync('/etc/hostname'));
});
