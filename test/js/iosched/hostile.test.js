'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const iosched = require('iosched');

test('an event whose descriptor was changed is removed as it was added', () => {
  const event = iosched.event(iosched.WRITE, 1, () => {});
  iosched.add(event);
  event.fd = 1e300;
  event.method = 'x';
  assert.deepStrictEqual(iosched.fds(), [[], [1], []]);
  assert.deepStrictEqual(iosched.poll(0), [[], [], []]);
  assert.strictEqual(iosched.remove(event), true);
  assert.deepStrictEqual(iosched.fds(), [[], [], []]);
});

test('an event with a descriptor that cannot be one is not added', () => {
  for (const fd of [NaN, -1, 2 ** 40, 'x', undefined]) {
    const event = iosched.event(iosched.READ, 0, () => {});
    event.fd = fd;
    assert.throws(() => iosched.add(event), /ev\.fd/);
    assert.strictEqual(iosched.listening(event), false);
  }
});
