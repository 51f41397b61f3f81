'use strict';
// WebAssembly that is compiled while the program goes on, and that comes by fetch().
const assert = require('assert');
const { execFileSync } = require('child_process');
const { test } = require('../../helpers/test');

const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const respond = (body, type = 'application/wasm', status = 200) =>
  new Response(body, { status, headers: { 'content-type': type } });

// A module with so many functions that its compilation takes longer than a program without anything
// else to do would live.
const LARGE = `
const leb = (n) => { const b = []; do { b.push((n & 127) | (n > 127 ? 128 : 0)); n >>>= 7; } while (n); return b; };
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const COUNT = 20000;
const body = [0, ...Array(100).fill([65, 1, 26]).flat(), 11];
const bodies = [];
for (let i = 0; i < COUNT; i++) bodies.push(...leb(body.length), ...body);
const functions = Array(COUNT).fill(0);
const bytes = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]
  .concat(section(1, [1, 96, 0, 0]), section(3, leb(COUNT).concat(functions)))
  .concat([10], leb(bodies.length + leb(COUNT).length), leb(COUNT), bodies));
`;

test('a compilation keeps the process until it is done', () => {
  for (const call of ['compile(bytes)', 'instantiate(bytes)']) {
    const program = `${LARGE} WebAssembly.${call}.then(() => console.log('done'));`;
    assert.strictEqual(String(execFileSync(process.execPath, ['-e', program])), 'done\n');
  }
});

test('what cannot be compiled rejects, and keeps the process no longer', async () => {
  await assert.rejects(WebAssembly.compile(new Uint8Array(3)), WebAssembly.CompileError);
  await assert.rejects(WebAssembly.instantiate('text'), TypeError);
});

test('a response is compiled and instantiated', async () => {
  const module = await WebAssembly.compileStreaming(respond(EMPTY));
  assert.ok(module instanceof WebAssembly.Module);
  const both = await WebAssembly.instantiateStreaming(Promise.resolve(respond(EMPTY)));
  assert.ok(both.instance instanceof WebAssembly.Instance);
});

test('a response that is no program is refused', async () => {
  const code = 'ERR_WEBASSEMBLY_RESPONSE';
  const { compileStreaming } = WebAssembly;
  await assert.rejects(compileStreaming(respond(EMPTY, 'text/plain')), {
    code,
    message: "WebAssembly response has unsupported MIME type 'text/plain'",
  });
  await assert.rejects(compileStreaming(respond('', 'application/wasm', 404)), {
    code,
    message: 'WebAssembly response has status code 404',
  });
  const used = respond(EMPTY);
  await used.arrayBuffer();
  await assert.rejects(compileStreaming(used), { code });
  await assert.rejects(compileStreaming(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('what compiles in the meantime is enumerable and takes one argument', () => {
  for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming']) {
    assert.strictEqual(Object.keys(WebAssembly).includes(name), true, name);
    assert.strictEqual(WebAssembly[name].length, 1, name);
  }
});
