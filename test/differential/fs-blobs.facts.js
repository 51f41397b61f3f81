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
