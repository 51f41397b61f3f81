'use strict';
const { test } = require('../../helpers/test');
const { pair } = require('../../helpers/net');
const assert = require('assert');
const iosched = require('iosched');
const net = require('net');

/** Polls until condition() holds; returns how often. */
function pollUntil(condition) {
  let count = 0;
  while (!condition()) {
    iosched.poll();
    count++;
  }
  return count;
}

const sources = {
  'a timer': (done) => setTimeout(done, 1),
  'an interval': (done) => {
    const timer = setInterval(() => {
      clearInterval(timer);
      done();
    }, 1);
  },
  'an immediate': (done) => setImmediate(done),
  'a tick': (done) => process.nextTick(done),
  'a tick of Task': (done) => Task.nextTick(done),
  'a microtask': (done) => queueMicrotask(done),
  'a promise': (done) =>
    Promise.resolve()
      .then(() => {})
      .then(done),
  'an async function': async (done) => {
    await null;
    await new Promise((resolve) => setTimeout(resolve, 1));
    done();
  },
  'work of a thread': (done) => require('fs').stat(__filename, done),
};

const needsJobs = test.needs('microtasks');
const ofJobs = ['a microtask', 'a promise', 'an async function'];

for (const [name, begin] of Object.entries(sources)) {
  (ofJobs.includes(name) ? needsJobs : test)(`poll() runs ${name} and returns`, () => {
    for (let round = 0; round < 3; round++) {
      let done = false;
      begin(() => (done = true));
      assert.strictEqual(done, false);
      pollUntil(() => done);
    }
  });
}

// One source within a callback of another, polled for there.
for (const [outer, begin] of Object.entries(sources))
  needsJobs(`poll() may be called within ${outer}`, () => {
    let done = false;
    begin(() => {
      for (const start of Object.values(sources)) {
        let inner = false;
        start(() => (inner = true));
        pollUntil(() => inner);
      }
      done = true;
    });
    pollUntil(() => done);
  });

test('immediates and timers that are due beside the one that polls run in its turn', () => {
  const order = [];
  const add = (start) => {
    let other = false;
    let done = false;
    start(() => {
      order.push('first');
      pollUntil(() => other);
      order.push('first again');
      done = true;
    });
    start(() => {
      order.push('second');
      other = true;
    });
    pollUntil(() => done);
  };
  add(setImmediate);
  add((callback) => setTimeout(callback, 1));
  const once = ['first', 'second', 'first again'];
  assert.deepStrictEqual(order, [...once, ...once]);
});

needsJobs('promise jobs and ticks of a callback run before poll returns', () => {
  const order = [];
  let done = false;
  setTimeout(() => {
    order.push('timer');
    Promise.resolve().then(() => {
      order.push('job');
      process.nextTick(() => order.push('late tick'));
    });
    process.nextTick(() => order.push('tick'));
    done = true;
  }, 1);
  pollUntil(() => done);
  assert.deepStrictEqual(order, ['timer', 'tick', 'job', 'late tick']);
});

test('sockets work inside poll, also nested in a data listener', () => {
  const log = [];
  let over = false;
  const server = net.createServer((socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('end', () => log.push('server end'));
  });
  server.listen(0, '127.0.0.1');
  pollUntil(() => server.listening);
  const first = net.connect({ host: '127.0.0.1', port: server.address().port }, () =>
    first.write('one'),
  );
  first.on('data', (chunk) => {
    log.push(`first ${chunk}`);
    // A second conversation from beginning to end while the listener of the first is on the stack.
    let closed = false;
    const second = net.connect({ host: '127.0.0.1', port: server.address().port }, () =>
      second.write('two'),
    );
    second.on('data', (bytes) => {
      log.push(`second ${bytes}`);
      second.end();
    });
    second.on('close', () => (closed = true));
    pollUntil(() => closed);
    log.push(`still ${chunk}`);
    first.end();
  });
  first.on('close', () => server.close(() => (over = true)));
  pollUntil(() => over);
  assert.deepStrictEqual(log, ['first one', 'second two', 'server end', 'still one', 'server end']);
});

test('poll() sleeps while nothing is due', () => {
  let done = false;
  setTimeout(() => (done = true), 300);
  const before = process.cpuUsage();
  const count = pollUntil(() => done);
  const { user, system } = process.cpuUsage(before);
  assert.ok(count < 30, `${count} turns`);
  assert.ok(user + system < 200000, `${user + system} microseconds of CPU`);
});

test('poll(timeout) returns although nothing happens', () => {
  // Without the limit this would wait for ever; the engine's own work may end a wait early.
  for (const timeout of [0, 1, 20]) for (let i = 0; i < 3; i++) iosched.poll(timeout);
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 40; count++) iosched.poll(40);
  assert.ok(count < 20, `${count} turns`);
});

test('poll refuses a timeout that is no number', () => {
  for (const value of ['1', {}, NaN, true])
    assert.throws(() => iosched.poll(value), {
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_TYPE',
      message: /"timeout"/,
    });
});

test('forever(check) ends when check.quit is set, and when check() returns true', () => {
  const check = { quit: false };
  setTimeout(() => (check.quit = true), 1);
  iosched.forever(check);
  let rounds = 0;
  iosched.forever(() => ++rounds === 3, 1);
  assert.strictEqual(rounds, 3);
  iosched.forever(() => true);
  iosched.forever({ quit: true });
});

test('forever looks at check again after its timeout', () => {
  let looks = 0;
  iosched.forever(
    {
      get quit() {
        return ++looks === 4;
      },
    },
    1,
  );
  assert.strictEqual(looks, 4);
});

test('forever refuses a check that is neither object nor function', () => {
  assert.throws(() => iosched.forever(1), { code: 'ERR_INVALID_ARG_TYPE', message: /"check"/ });
});

test('what a callback throws goes to a listener of Task, or else of process', (t) => {
  const seen = [];
  const harness = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  t.after(() => harness.forEach((listener) => process.on('uncaughtException', listener)));
  const note = (who) => (error) => seen.push(`${who} ${error.message}`);
  const forTask = note('task');
  const forProcess = note('process');
  let done = false;
  const provoke = (text) => {
    done = false;
    setTimeout(() => {
      done = true;
      throw new Error(text);
    }, 1);
    pollUntil(() => done);
  };
  process.on('uncaughtException', forProcess);
  provoke('one');
  Task.on('uncaughtException', forTask);
  provoke('two');
  Task.off('uncaughtException', forTask);
  process.off('uncaughtException', forProcess);
  assert.deepStrictEqual(seen, ['process one', 'task two']);
});

needsJobs('without a listener poll throws what a callback threw, from every source', (t) => {
  const harness = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  t.after(() => harness.forEach((listener) => process.on('uncaughtException', listener)));
  for (const [name, begin] of Object.entries(sources)) {
    if (name.includes('promise') || name.includes('async')) continue;
    const error = new Error(name);
    begin(() => {
      throw error;
    });
    assert.throws(
      () => {
        for (;;) iosched.poll();
      },
      (got) => got === error,
    );
  }
  setTimeout(() => {
    throw 'no error';
  }, 1);
  assert.throws(
    () => iosched.forever(),
    (got) => got === 'no error',
  );
  const rejected = new Error('rejected');
  Promise.reject(rejected);
  assert.throws(
    () => iosched.forever(),
    (got) => got === rejected,
  );
});

test('two callbacks of one turn that throw are two polls that throw', (t) => {
  const harness = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  t.after(() => harness.forEach((listener) => process.on('uncaughtException', listener)));
  const got = [];
  for (const text of ['a', 'b'])
    setImmediate(() => {
      throw text;
    });
  while (got.length < 2) {
    try {
      iosched.poll();
    } catch (error) {
      got.push(error);
    }
  }
  assert.deepStrictEqual(got, ['a', 'b']);
});

test('a poll within a callback throws there', (t) => {
  const harness = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  t.after(() => harness.forEach((listener) => process.on('uncaughtException', listener)));
  let caught;
  setTimeout(() => {
    setImmediate(() => {
      throw new Error('inner');
    });
    try {
      for (;;) iosched.poll();
    } catch (error) {
      caught = error.message;
    }
  }, 1);
  pollUntil(() => caught !== undefined);
  assert.strictEqual(caught, 'inner');
});

needsJobs('poll goes on with async code that awaits sockets', async (t) => {
  let over = false;
  (async () => {
    const { client, accepted } = await pair(t);
    accepted.end('bye');
    let text = '';
    for await (const chunk of client) text += chunk;
    assert.strictEqual(text, 'bye');
    over = true;
  })();
  pollUntil(() => over);
});
