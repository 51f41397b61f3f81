'use strict';
// Sockets that become readable in the same turn of the loop: what the listener of one does to
// another whose bytes arrived too.
const { test } = require('../../helpers/test');
const { serve, pair, pattern } = require('../../helpers/net');
const assert = require('assert');
const { once } = require('events');
const iosched = require('iosched');

/** count connections as [[client, socket]…] */
async function pairs(t, count) {
  const all = [];
  for (let i = 0; i < count; i++) {
    const { client, accepted } = await pair(t);
    all.push([client, accepted]);
  }
  return all;
}

/** Writes to all at once, so that all are readable in the next turn. */
function writeAll(all, text = (i) => String(i)) {
  all.forEach(([client], i) => client.write(text(i)));
}

test('ticks and promise jobs of one listener run before the next listener', async (t) => {
  const all = await pairs(t, 3);
  const seen = [];
  const done = new Promise((resolve) => {
    all.forEach(([, socket]) =>
      socket.on('data', (data) => {
        seen.push(`data ${data}`);
        process.nextTick(() => seen.push(`tick ${data}`));
        Promise.resolve().then(() => {
          seen.push(`job ${data}`);
          if (seen.length === 9) resolve();
        });
      }),
    );
  });
  writeAll(all);
  await done;
  for (let i = 0; i < 9; i += 3) {
    const who = seen[i].slice(-1);
    assert.deepStrictEqual(seen.slice(i, i + 3), [`data ${who}`, `tick ${who}`, `job ${who}`]);
  }
});

test('a listener that destroys the others ends their data', async (t) => {
  const all = await pairs(t, 3);
  const seen = [];
  for (const [, socket] of all)
    socket.on('data', (data) => {
      seen.push(String(data));
      for (const [, other] of all) if (other !== socket) other.destroy();
    });
  const closed = all.map(([client]) => {
    client.on('error', () => {});
    return new Promise((resolve) => client.on('close', resolve));
  });
  writeAll(all);
  while (seen.length === 0) await new Promise(setImmediate);
  for (const [, socket] of all) socket.destroy();
  await Promise.all(closed);
  assert.strictEqual(seen.length, 1);
});

test('a listener that pauses the others: their bytes wait for resume', async (t) => {
  const all = await pairs(t, 3);
  const seen = [];
  const first = new Promise((resolve) => {
    for (const [, socket] of all)
      socket.on('data', (data) => {
        seen.push(String(data));
        if (seen.length > 1) return;
        for (const [, other] of all) if (other !== socket) other.pause();
        setImmediate(resolve, socket);
      });
  });
  writeAll(all);
  const socket = await first;
  assert.strictEqual(seen.length, 1);
  const rest = all.filter(([, other]) => other !== socket);
  const arrived = Promise.all(rest.map(([, other]) => once(other, 'data')));
  rest.forEach(([, other]) => other.resume());
  await arrived;
  assert.deepStrictEqual(seen.sort(), ['0', '1', '2']);
});

test('a listener that polls gets the bytes of the others there, each once and in order', async (t) => {
  const all = await pairs(t, 4);
  const got = all.map(() => '');
  const length = () => got.join('').length;
  let polled = false;
  const done = new Promise((resolve) => {
    all.forEach(([, socket], i) =>
      socket.on('data', (data) => {
        got[i] += data;
        if (!polled) {
          polled = true;
          for (const [other] of all) other.write('b');
          while (length() < 8) iosched.poll();
        }
        if (length() === 8) resolve();
      }),
    );
  });
  writeAll(all, () => 'a');
  await done;
  assert.deepStrictEqual(got, ['ab', 'ab', 'ab', 'ab']);
});

test('a connection that takes the place of a destroyed one gets nothing of it', async (t) => {
  const { server, connect } = await serve(t);
  const all = await pairs(t, 2);
  const strangers = [];
  const fresh = once(server, 'connection');
  let victim;
  for (const [, socket] of all)
    socket.on('data', () => {
      if (victim) return;
      victim = all.find(([, other]) => other !== socket)[1];
      victim.destroy();
      const client = connect(); // may have the number that is free now
      client.on('data', (data) => strangers.push(String(data)));
      client.on('connect', () => setImmediate(() => client.end()));
    });
  all.forEach(([client]) => client.on('error', () => {}));
  writeAll(all);
  const [socket] = await fresh;
  socket.on('data', (data) => strangers.push(String(data)));
  await once(socket, 'end');
  assert.deepStrictEqual(strangers, []);
});

test('bytes and the end of several peers at once arrive in this order at each', async (t) => {
  const all = await pairs(t, 5);
  const seen = all.map(() => '');
  const ended = all.map(([, socket], i) => {
    socket.on('data', (data) => {
      seen[i] += data;
    });
    return once(socket, 'end').then(() => {
      seen[i] += '.';
    });
  });
  all.forEach(([client], i) => client.end(`bytes ${i}`));
  await Promise.all(ended);
  assert.deepStrictEqual(seen, ['bytes 0.', 'bytes 1.', 'bytes 2.', 'bytes 3.', 'bytes 4.']);
});

test('every listener polls while much arrives for all: the bytes of each stay in order', async (t) => {
  const SIZE = 6 << 16;
  const all = await pairs(t, 4);
  const sent = pattern(SIZE);
  const got = all.map(() => []);
  const done = all.map(([, socket], i) => {
    socket.on('data', (data) => {
      got[i].push(data);
      iosched.poll(0);
    });
    return once(socket, 'end');
  });
  all.forEach(([client]) => client.end(sent));
  await Promise.all(done);
  for (const parts of got) assert.ok(Buffer.concat(parts).equals(sent));
});
