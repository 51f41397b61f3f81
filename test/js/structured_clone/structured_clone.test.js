'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');

test('values of the language keep their class and content', () => {
  const source = {
    map: new Map([[{ k: 1 }, new Set([1])]]),
    date: new Date(5),
    regexp: /x/gi,
    error: new TypeError('t', { cause: { z: 1 } }),
    nothing: null,
    missing: undefined,
    big: 5n,
    holes: [1, , 3],
    box: Object('s'),
  };
  const copy = structuredClone(source);
  assert.notStrictEqual(copy, source);
  assert.strictEqual([...copy.map][0][0].k, 1);
  assert.ok([...copy.map][0][1].has(1));
  assert.strictEqual(copy.date.getTime(), 5);
  assert.strictEqual(String(copy.regexp), '/x/gi');
  assert.ok(copy.error instanceof TypeError);
  assert.strictEqual(copy.error.message, 't');
  assert.strictEqual(copy.error.cause.z, 1);
  assert.ok('missing' in copy);
  assert.strictEqual(copy.big, 5n);
  assert.strictEqual(1 in copy.holes, false);
  assert.strictEqual(copy.holes.length, 3);
  assert.strictEqual(typeof copy.box, 'object');
});

test('cycles and shared objects stay, instances become plain objects', () => {
  class Point {
    x = 1;
    get sum() {
      return 2;
    }
  }
  const source = { point: new Point() };
  source.self = source;
  source.again = source.point;
  const copy = structuredClone(source);
  assert.strictEqual(copy.self, copy);
  assert.strictEqual(copy.again, copy.point);
  assert.strictEqual(Object.getPrototypeOf(copy.point), Object.prototype);
  assert.deepStrictEqual(Object.keys(copy.point), ['x']);
});

test('views of one buffer share the copy', () => {
  const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
  const copy = structuredClone({
    bytes: new Uint8Array(buffer, 1, 2),
    view: new DataView(buffer, 2),
  });
  assert.strictEqual(copy.bytes.buffer, copy.view.buffer);
  assert.notStrictEqual(copy.bytes.buffer, buffer);
  assert.deepStrictEqual([...copy.bytes], [2, 3]);
  assert.strictEqual(copy.view.getUint8(0), 3);
});

test('deep structures need no deep stack', () => {
  const root = {};
  let last = root;
  for (let i = 0; i < 100000; i++) last = last.next = {};
  let copy = structuredClone(root);
  let depth = 0;
  while (copy.next !== undefined) {
    copy = copy.next;
    depth++;
  }
  assert.strictEqual(depth, 100000);
});

test('what has no copy is a DataCloneError', () => {
  for (const value of [
    () => {},
    Symbol('x'),
    { f() {} },
    new WeakMap(),
    Promise.resolve(),
    new EventTarget(),
  ])
    assert.throws(() => structuredClone(value), { name: 'DataCloneError', code: 25 });
});

test('transferred buffers move with their views', () => {
  const buffer = new Uint8Array([1, 2, 3]).buffer;
  const copy = structuredClone(
    { buffer, bytes: new Uint8Array(buffer, 1) },
    { transfer: [buffer] },
  );
  assert.strictEqual(buffer.byteLength, 0);
  assert.strictEqual(copy.bytes.buffer, copy.buffer);
  assert.deepStrictEqual([...copy.bytes], [2, 3]);
});

test('a refused value leaves its buffers where they are', () => {
  const buffer = new ArrayBuffer(4);
  assert.throws(() => structuredClone({ buffer, f() {} }, { transfer: [buffer] }), {
    name: 'DataCloneError',
  });
  assert.throws(() => structuredClone(1, { transfer: [buffer, buffer] }), {
    name: 'DataCloneError',
  });
  assert.throws(() => structuredClone(1, { transfer: [{}] }), { name: 'DataCloneError' });
  assert.strictEqual(buffer.byteLength, 4);
});

test('a Blob and a File are cloned, also to another end of a channel', async () => {
  const file = new File(['text'], 'name', { type: 'a/b', lastModified: 5 });
  const copy = structuredClone({ file }).file;
  assert.deepStrictEqual([copy.name, copy.type, copy.lastModified], ['name', 'a/b', 5]);
  assert.strictEqual(await copy.text(), 'text');
  const { port1, port2 } = new MessageChannel();
  const got = new Promise((done) => port2.once('message', done));
  port1.postMessage([new Blob(['x'])]);
  const [blob] = await got;
  assert(blob instanceof Blob && !(blob instanceof File));
  assert.strictEqual(await blob.text(), 'x');
  port2.close();
});

test('keys and addresses are cloned, also to another end of a channel', async () => {
  const crypto = require('crypto');
  const { SocketAddress } = require('net');
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = crypto.createSecretKey(Buffer.from('secret'));
  const hidden = secret.toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const address = new SocketAddress({ address: '::1', family: 'ipv6', port: 7, flowlabel: 5 });
  const { port1, port2 } = new MessageChannel();
  const got = new Promise((done) => port2.once('message', done));
  const values = [publicKey, privateKey, secret, hidden, address];
  port1.postMessage(values);
  for (const copies of [structuredClone(values), await got]) {
    for (const [i, key] of values.slice(0, 3).entries()) assert(copies[i].equals(key));
    assert.deepStrictEqual([copies[3].extractable, copies[3].usages], [false, ['sign']]);
    const sign = (key) => crypto.subtle.sign('HMAC', key, Buffer.from('x'));
    assert.deepStrictEqual(await sign(copies[3]), await sign(hidden));
    assert.deepStrictEqual(copies[4].toJSON(), address.toJSON());
  }
  port2.close();
});

test('a getter runs once, and one that fails leaves what would move alone', () => {
  const buffer = new ArrayBuffer(8);
  let runs = 0;
  const value = {
    buffer,
    get x() {
      return ++runs;
    },
  };
  assert.strictEqual(structuredClone(value, { transfer: [buffer] }).x, 1);
  assert.strictEqual(runs, 1);
  const { port1, port2 } = new MessageChannel();
  const detached = { port1, buffer };
  assert.throws(() => structuredClone(detached, { transfer: [port1] }), { name: 'DataCloneError' });
  port1.postMessage('still');
  assert.strictEqual(require('worker_threads').receiveMessageOnPort(port2).message, 'still');
  port1.close();
});
