'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'permissions of a task are its own properties, read once',
  {
    allow: ['task={dir}/app'],
    places: ['main', 'task'],
    before(dir) {
      fs.writeFileSync(`${dir}/app/idle.js`, '');
      return {};
    },
  },
  async (t) => {
    Object.prototype.connect = true;
    Object.prototype['fs.read'] = true;
    await t.allowed(
      'polluted prototypes give nothing',
      () => new Task('./idle', {}, { permission: {} }),
    );
    delete Object.prototype.connect;
    delete Object.prototype['fs.read'];
    let count = 0;
    await t.refused(
      'a getter that changes',
      () =>
        new Task(
          './idle',
          {},
          {
            permission: {
              get connect() {
                return count++ ? [] : true;
              },
            },
          },
        ),
    );
    await t.refused(
      'a Proxy',
      () =>
        new Task(
          './idle',
          {},
          {
            permission: new Proxy(
              {},
              {
                ownKeys: () => ['run'],
                getOwnPropertyDescriptor: () => ({
                  value: true,
                  enumerable: true,
                  configurable: true,
                }),
                get: () => true,
              },
            ),
          },
        ),
    );
    Array.prototype.toJSON = () => true;
    await t.refused(
      'a list with toJSON',
      () => new Task('./idle', {}, { permission: { connect: ['10.0.0.1:1'] } }),
    );
    delete Array.prototype.toJSON;
  },
);
