'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'what a program says of its source is not read from elsewhere',
  {
    allow: [],
    before(dir) {
      const map = { version: 3, sources: ['../out/secret'], names: [], mappings: 'AAAA' };
      fs.writeFileSync(
        `${dir}/out/map.json`,
        JSON.stringify({ ...map, sourcesContent: ['SECRET-TEXT'] }),
      );
      fs.writeFileSync(
        `${dir}/app/mapped.js`,
        `exports.fail = () => { throw new Error('thrown'); };\n//# sourceMappingURL=../out/map.json\n`,
      );
      fs.writeFileSync(
        `${dir}/app/inline.js`,
        `exports.fail = () => { throw new Error('thrown'); };\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(
          JSON.stringify(map),
        ).toString('base64')}\n`,
      );
      return {};
    },
  },
  async (t) => {
    process.setSourceMapsEnabled?.(true);
    for (const name of ['./mapped', './inline']) {
      let stack = '';
      try {
        require(name).fail();
      } catch (error) {
        stack = String(error.stack);
      }
      t.check(`${name}: ${stack}`, /thrown/.test(stack) && !/SECRET/.test(stack));
    }
    const { findSourceMap } = require('module');
    const found = findSourceMap?.(require.resolve('./mapped'));
    t.check('findSourceMap', !/SECRET/.test(JSON.stringify(found?.payload ?? null)));
    await t.refused('the map', () => fs.readFileSync(`${t.dir}/out/map.json`));
  },
);
