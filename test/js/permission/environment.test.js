'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'variables that are not granted are not seen',
  {
    allow: ['env=GIVEN', 'env=APP_*'],
    permission: 'env',
    env: { SECRET: 'SECRET-TEXT', GIVEN: 'a', APP_ONE: 'b' },
  },
  async (t) => {
    await t.refused('get', () => process.env.SECRET);
    await t.refused('in', () => 'SECRET' in process.env);
    await t.refused('descriptor', () => Object.getOwnPropertyDescriptor(process.env, 'SECRET'));
    await t.refused('hasOwn', () => Object.hasOwn(process.env, 'SECRET'));
    await t.refused('set', () => {
      process.env.OTHER = 'x';
    });
    await t.refused('delete', () => {
      delete process.env.PATH;
    });
    await t.refused('defineProperty', () =>
      Object.defineProperty(process.env, 'X', {
        value: 'x',
        writable: true,
        enumerable: true,
        configurable: true,
      }),
    );
    t.check('keys', Object.keys(process.env).sort().join() === 'APP_ONE,GIVEN');
    t.check('spread', !JSON.stringify({ ...process.env }).includes('SECRET'));
    t.check('entries', Object.entries(process.env).length === 2);
    t.check(
      'for in',
      (() => {
        for (const key in process.env) if (key === 'SECRET') return false;
        return true;
      })(),
    );
    t.check('granted', process.env.GIVEN === 'a' && process.env.APP_ONE === 'b');
    await t.allowed('set of a granted one', () => {
      process.env.APP_TWO = 'c';
    });
    let clone;
    try {
      clone = structuredClone({ ...process.env });
    } catch {}
    t.check('clone', !JSON.stringify(clone ?? {}).includes('SECRET'));
    await t.refused('lower case', () => process.env.given);
    await t.refused('a longer name', () => process.env.GIVEN_2);
  },
);
