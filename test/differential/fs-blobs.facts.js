'use strict';
// openAsBlob(): Blobs whose bytes stay in files.
const fs = require('fs');
const { Blob, File, resolveObjectURL } = require('buffer');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

async function sizesOf(stream) {
  const sizes = [];
  for await (const chunk of stream) sizes.push(chunk.length);
  return sizes;
}

program('openAsBlob() and openAsBlobSync()', async (fact, t) => {
  const { at, say, of, tryOf } = folder(fact, t);
  const blob = await fs.openAsBlob(at('file'));
  fact('blob', blob.constructor.name, blob.size, blob.type, inspect(blob));
  fact('text', await blob.text());
  fact('bytes', Buffer.from(await blob.bytes()), Buffer.from(await blob.arrayBuffer()));
  for (const path of [at('none'), undefined, 5, `${at('file')}\0`]) {
    of(`sync ${path}`, () => fs.openAsBlobSync(path));
    of(`async ${path}`, () => fs.openAsBlob(path));
  }
  for (const path of [Buffer.from(at('file')), new URL(`file://${at('file')}`), at('link')])
    say(`path ${path}`, await fs.openAsBlobSync(path).text());
  await tryOf('folder', () => fs.openAsBlobSync(at('sub')).text());
  for (const options of [null, 5, 'x', [], { type: 5 }, { type: null }])
    of(`options ${inspect(options)}`, () => fs.openAsBlobSync(at('file'), options));
  for (const type of ['Text/X', 'é', ''])
    fact(`type ${type}`, fs.openAsBlobSync(at('file'), { type }).type);
  fact('lengths', fs.openAsBlob.length, fs.openAsBlobSync.length);
});

program('parts of Blobs in files', async (fact, t) => {
  const { at } = folder(fact, t);
  const blob = fs.openAsBlobSync(at('file'), { type: 'text/plain' });
  const slice = blob.slice(2, 7, 'q');
  fact('slice', slice.size, slice.type, await slice.text(), await slice.slice(1, -1).text());
  fact('from the end', await blob.slice(-3).text(), await blob.slice(20).text());
  const joined = new Blob(['<', blob, blob.slice(0, 2), '>']);
  fact('joined', joined.size, await joined.text(), await joined.slice(0, 4).text());
  fact('across', await joined.slice(10, 14).text());
  fact('File', await new File([blob], 'name').text());
  const url = URL.createObjectURL(blob);
  fact('URL', await resolveObjectURL(url).text(), await (await fetch(url)).text());
  fact('Response', await new Response(blob).text());
  const form = new FormData();
  form.set('a', blob, 'x.txt');
  fact('form', (await new Response(form).text()).includes('hello world'));
  fact.of('clone', () => structuredClone(blob));
});

program('streams of Blobs in files', async (fact, t) => {
  const { at } = folder(fact, t);
  fs.writeFileSync(at('big'), Buffer.alloc(300000, 'a'));
  fact('small', await sizesOf(fs.openAsBlobSync(at('file')).stream()));
  fact('big', await sizesOf(fs.openAsBlobSync(at('big')).stream()));
  fs.writeFileSync(at('empty'), '');
  fact('empty', await sizesOf(fs.openAsBlobSync(at('empty')).stream()));
  const text = [];
  for await (const chunk of fs.openAsBlobSync(at('file')).textStream()) text.push(chunk);
  fact('text', text);
  const reader = fs.openAsBlobSync(at('file')).stream().getReader({ mode: 'byob' });
  const { done, value } = await reader.read(new Uint8Array(4));
  fact('into a buffer', done, Buffer.from(value));
  await reader.cancel();
});

program('files that change under a Blob', async (fact, t) => {
  const { at, tryOf } = folder(fact, t);
  const blob = fs.openAsBlobSync(at('file'));
  const [slice, joined] = [blob.slice(1, 2), new Blob([blob])];
  fs.appendFileSync(at('file'), '!');
  for (const name of ['text', 'bytes', 'arrayBuffer']) await tryOf(name, () => blob[name]());
  await tryOf('stream', () => sizesOf(blob.stream()));
  await tryOf('slice', () => slice.text());
  await tryOf('joined', () => joined.text());
  fact('size', blob.size);
  const gone = fs.openAsBlobSync(at('file'));
  fs.unlinkSync(at('file'));
  await tryOf('gone', () => gone.text());
});

program('streams of Blobs in memory', async (fact, t) => {
  fact('sizes', await sizesOf(new Blob([Buffer.alloc(300000)]).stream()));
  fact('empty', await sizesOf(new Blob([]).stream()));
  const text = [];
  for await (const chunk of new Blob(['a', 'é']).textStream()) text.push(chunk);
  fact('text', text.join(''));
  const reader = new Blob(['abcdef']).stream().getReader({ mode: 'byob' });
  const { done, value } = await reader.read(new Uint8Array(4));
  fact('into a buffer', done, Buffer.from(value));
  t.after(() => reader.cancel());
});

program('readFile() into a buffer of the caller', async (fact, t) => {
  const { at, tryOf } = folder(fact, t);
  const describeIt = (buffer, given) => [
    buffer.constructor.name,
    buffer.toString(),
    buffer.buffer === given?.buffer,
  ];
  for (const [name, given] of Object.entries({
    'too small': Buffer.alloc(5),
    exact: Buffer.alloc(11),
    large: Buffer.alloc(20, '.'),
    'typed array': new Uint16Array(10),
    DataView: new DataView(new ArrayBuffer(20)),
    ArrayBuffer: new ArrayBuffer(20),
    number: 5,
    null: null,
    undefined,
    function: (size) => Buffer.alloc(size),
    'function of less': () => Buffer.alloc(2),
    'function of a number': () => 5,
  })) {
    const options = { buffer: given };
    await tryOf(`${name} sync`, () => describeIt(fs.readFileSync(at('file'), options), given));
    await tryOf(`${name} promise`, async () =>
      describeIt(await fs.promises.readFile(at('file'), options), given),
    );
    await tryOf(
      `${name} callback`,
      () =>
        new Promise((resolve, reject) => {
          fs.readFile(at('file'), options, (error, buffer) =>
            error ? reject(error) : resolve(describeIt(buffer, given)),
          );
        }),
    );
  }
  const options = { buffer: Buffer.alloc(20), encoding: 'latin1' };
  fact('with an encoding', fs.readFileSync(at('file'), options));
});

program('stat() with a signal', async (fact, t) => {
  const { at, tryOf } = folder(fact, t);
  for (const signal of [AbortSignal.abort(), 5, null, undefined])
    for (const name of ['stat', 'lstat']) {
      const label = `${name} ${signal?.aborted ?? signal}`;
      await tryOf(`${label} promise`, async () =>
        (await fs.promises[name](at('file'), { signal })).isFile(),
      );
      await tryOf(
        `${label} callback`,
        () =>
          new Promise((resolve, reject) => {
            fs[name](at('file'), { signal }, (error, stats) =>
              error ? reject(error) : resolve(stats.isFile()),
            );
          }),
      );
    }
  fact('sync', fs.statSync(at('file'), { signal: AbortSignal.abort() }).isFile());
});
