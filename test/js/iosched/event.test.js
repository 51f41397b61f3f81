'use strict';
const { test } = require('../../helpers/test');
const { pair } = require('../../helpers/net');
const assert = require('assert');
const fs = require('fs');
const iosched = require('iosched');

/** The descriptors of a connection whose sockets do not read: {reader, writer, send(text)}. */
async function channel(t) {
  const { client, accepted } = await pair(t, { server: { pauseOnConnect: true } });
  t.after(() => iosched.remove());
  const fd = accepted._handle.fd;
  return {
    fd,
    send(text) {
      assert.strictEqual(client.write(text), true);
    },
    receive() {
      const bytes = Buffer.alloc(100);
      return bytes.toString('latin1', 0, fs.readSync(fd, bytes));
    },
  };
}

test('the numbers of the kinds of events', () => {
  const { READ, WRITE, EXCEPT, ACCEPT, CONNECT } = iosched;
  assert.deepStrictEqual(
    { READ, WRITE, EXCEPT, ACCEPT, CONNECT },
    { READ: 0, WRITE: 1, EXCEPT: 2, ACCEPT: 0, CONNECT: 1 },
  );
});

test('an added event calls back with (arg, event) each time, until it is removed', async (t) => {
  const { fd, send, receive } = await channel(t);
  const got = [];
  const event = iosched.event(
    iosched.READ,
    fd,
    (arg, ev) => got.push([arg, ev === event, receive()]),
    undefined,
    'arg',
  );
  assert.strictEqual(iosched.listening(event), false);
  assert.strictEqual(iosched.add(event), true);
  assert.strictEqual(iosched.listening(event), true);
  assert.deepStrictEqual(iosched.fds(), [[fd], [], []]);
  for (const text of ['one', 'two']) {
    send(text);
    while (got.at(-1)?.[2] !== text) iosched.poll();
  }
  assert.deepStrictEqual(got, [
    ['arg', true, 'one'],
    ['arg', true, 'two'],
  ]);
  assert.strictEqual(iosched.add(event), false);
  assert.strictEqual(iosched.remove(event), true);
  assert.strictEqual(iosched.remove(event), false);
  assert.deepStrictEqual(iosched.fds(), [[], [], []]);
  send('three');
  iosched.poll(20);
  assert.strictEqual(got.length, 2);
});

test('once() calls back one time', async (t) => {
  const { fd, send } = await channel(t);
  let count = 0;
  const event = iosched.event(iosched.READ, fd, () => count++);
  assert.strictEqual(iosched.once(event), true);
  send('x');
  while (count === 0) iosched.poll();
  assert.strictEqual(iosched.listening(event), false);
  iosched.poll(20);
  assert.strictEqual(count, 1);
  assert.strictEqual(iosched.once(event), true);
  while (count === 1) iosched.poll();
  assert.strictEqual(count, 2);
});

test('a callback that returns false removes its event and calls errback(arg, event)', async (t) => {
  const { fd, send } = await channel(t);
  const calls = [];
  const event = iosched.event(
    iosched.READ,
    fd,
    () => {
      calls.push('callback');
      return calls.length === 1 ? 0 : false; // 0 is not false
    },
    (arg, ev) => calls.push(`errback ${arg} ${ev === event}`),
    7,
  );
  iosched.add(event);
  send('x');
  while (calls.length < 3) iosched.poll();
  assert.deepStrictEqual(calls, ['callback', 'callback', 'errback 7 true']);
  assert.strictEqual(iosched.listening(event), false);
});

test('WRITE is ready while the kernel takes bytes, and remove() without an event removes all', async (t) => {
  const { fd } = await channel(t);
  let writes = 0;
  const one = iosched.event(iosched.WRITE, fd, () => writes++);
  const two = iosched.event(iosched.CONNECT, fd, () => writes++);
  iosched.add(one);
  iosched.add(two);
  while (writes < 2) iosched.poll();
  assert.strictEqual(iosched.remove(), true);
  assert.strictEqual(iosched.listening(one) || iosched.listening(two), false);
});

test('two events of one descriptor both hear of it', async (t) => {
  const { fd, send } = await channel(t);
  const heard = new Set();
  for (const name of ['a', 'b'])
    iosched.once(iosched.event(iosched.READ, fd, () => heard.add(name)));
  send('x');
  while (heard.size < 2) iosched.poll();
});

test('an event may remove itself and others from its callback', async (t) => {
  const { fd, send } = await channel(t);
  let count = 0;
  for (let i = 0; i < 3; i++)
    iosched.add(
      iosched.event(iosched.READ, fd, () => {
        count++;
        iosched.remove();
      }),
    );
  send('x');
  while (count === 0) iosched.poll();
  iosched.poll(20);
  assert.strictEqual(count, 1);
});

test('select waits for descriptors of the program, and returns the ready ones', async (t) => {
  const { fd, send, receive } = await channel(t);
  assert.deepStrictEqual(iosched.select([[fd], [], []], 10), [[], [], []]);
  send('x');
  let ready;
  do ready = iosched.select([[fd]]);
  while (ready[0].length === 0);
  assert.deepStrictEqual(ready, [[fd], [], []]);
  assert.strictEqual(receive(), 'x');
  assert.deepStrictEqual(iosched.select([[fd], [fd]], 10), [[], [fd], []]);
});

test('select without descriptors is poll, with and without a timeout', () => {
  let done = false;
  setImmediate(() => (done = true));
  while (!done) assert.deepStrictEqual(iosched.select(), [[], [], []]);
  assert.deepStrictEqual(iosched.select(5), [[], [], []]);
  assert.deepStrictEqual(iosched.select(undefined, 5), [[], [], []]);
  assert.deepStrictEqual(iosched.select(null, 5), [[], [], []]);
});

test('fds(user) merges descriptors of the program with those of events', async (t) => {
  const { fd } = await channel(t);
  iosched.add(iosched.event(iosched.READ, fd, () => {}));
  assert.deepStrictEqual(iosched.fds([[1], [2], [3]]), [[1, fd], [2], [3]]);
  assert.deepStrictEqual(iosched.fds([[fd]]), [[fd], [], []]);
});

test('bad arguments are named', () => {
  const callback = () => {};
  const cases = [
    [() => iosched.event('read', 0, callback), 'ERR_INVALID_ARG_TYPE', '"method"'],
    [() => iosched.event(3, 0, callback), 'ERR_OUT_OF_RANGE', '"method"'],
    [() => iosched.event(0, -1, callback), 'ERR_OUT_OF_RANGE', '"fd"'],
    [() => iosched.event(0, '0', callback), 'ERR_INVALID_ARG_TYPE', '"fd"'],
    [() => iosched.event(0, 0), 'ERR_INVALID_ARG_TYPE', '"callback"'],
    [() => iosched.event(0, 0, callback, 'no'), 'ERR_INVALID_ARG_TYPE', '"errback"'],
    [() => iosched.add({}), 'ERR_INVALID_ARG_TYPE', '"ev"'],
    [() => iosched.once(), 'ERR_INVALID_ARG_TYPE', '"ev"'],
    [() => iosched.select(true), 'ERR_INVALID_ARG_TYPE', '"fds"'],
    [() => iosched.select([1]), 'ERR_INVALID_ARG_TYPE', '"fds[0]"'],
    [() => iosched.select([[], ['x']]), 'ERR_INVALID_ARG_TYPE', '"fds[1]"'],
    [() => iosched.select([[-1]]), 'ERR_OUT_OF_RANGE', '"fds[0]"'],
    [() => iosched.select([[]], 'x'), 'ERR_INVALID_ARG_TYPE', '"timeout"'],
    [() => iosched.fds('x'), 'ERR_INVALID_ARG_TYPE', '"fds"'],
    [() => iosched.select([[999999]]), 'EBADF', 'fd 999999'],
    [() => iosched.add(iosched.event(0, 999999, callback)), 'EBADF', 'fd 999999'],
  ];
  for (const [call, code, text] of cases)
    assert.throws(call, (error) => {
      assert.strictEqual(error.code, code);
      assert.ok(error.message.includes(text), error.message);
      return true;
    });
});
