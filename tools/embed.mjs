// embed.mjs SOURCE OUTPUT: bundles lib/vendor/*.js with the packages they name, and writes to OUTPUT
//   builtins.S, builtins.cc    every module's text by .incbin, and the table of them
//   texts.S, texts.cc          the same for files that the command writes, prints or serves
//   dashboard.js, .css         the dashboard's, with the packages that they name
//   licenses.txt, bundled.json the licences of the packages that are bundled; their names
// The assembler finds the files from SOURCE and OUTPUT: no path of this machine is in them.
import { parse } from 'acorn';
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundledPackages, licenseText } from './licenses.mjs';
import { hasPatch, patched } from './patches.mjs';
import { withVariables } from './variables.mjs';

const [source, output] = process.argv.slice(2);
if (!output) {
  console.error('usage: node embed.mjs SOURCE OUTPUT');
  process.exit(2);
}
const lib = path.join(source, 'lib');

const files = readdirSync(lib, { recursive: true })
  .filter((file) => file.endsWith('.js'))
  .sort();
const names = files.map((file) => file.slice(0, -3));

// A package's require() of a module that sluice has goes to sluice's, with or without the
// trailing slash that packages use to mean "the package, not the built-in".
const builtinPlugin = {
  name: 'builtin',
  setup(context) {
    context.onResolve({ filter: /^(?:node:)?[a-z_0-9/]+$/ }, (request) => {
      const name = request.path.replace(/^node:|\/$/g, '');
      // One of Node's that sluice lacks is not found when it is asked for.
      const isBuiltin = names.includes(name) || request.path.startsWith('node:');
      if (request.kind === 'entry-point' || !isBuiltin) return undefined;
      return { path: name, external: true };
    });
  },
};

// Files of packages that sluice has its own of, and packages that are one of its modules.
const substitutes = {
  '@exodus/bytes/encoding.js': 'internal/url/support',
  '@exodus/bytes/whatwg.js': 'internal/url/support',
  'abort-controller': 'internal/events/abort',
  'readable-stream/lib/ours/errors': 'internal/streams/support',
  'readable-stream/lib/ours/util': 'internal/streams/support',
  'readable-stream/lib/internal/validators': 'internal/streams/support',
  'readable-stream/lib/internal/shims/process': 'process',
  'string_decoder/': 'internal/streams/support',
  tr46: 'internal/url/support',
  'undici/lib/web/websocket/events': 'internal/messages/events',
  'whatwg-url/lib/encoding': 'internal/url/support',
};

// Files of packages that are in bundles of their own, so that the first one is read faster. Each of
// them reaches the others' files through the property of their exports that has the file's name.
const streams = 'readable-stream/lib/internal/streams/';
const first = 'vendor/readable-stream';
const ends = ['add-abort-signal', 'end-of-stream', 'from', 'passthrough', 'transform'];
const pipelines = ['compose', 'duplexify', 'operators', 'pipeline'];
const bundles = { [first]: [], [`${first}-ends`]: [], [`${first}-pipelines`]: [] };
for (const file of readdirSync(path.join(source, 'node_modules', streams))) {
  const name = file.slice(0, -3);
  let bundle = first;
  if (ends.includes(name)) bundle = `${first}-ends`;
  else if (pipelines.includes(name)) bundle = `${first}-pipelines`;
  bundles[bundle].push(streams + name);
}
/** A file of another bundle; the functions of `ends` load it when the first bundle calls them. */
function otherFile(entry, bundle, name) {
  const file = `require('${bundle}')['${name}']`;
  if (entry !== first || !ends.includes(name)) return `module.exports = ${file};`;
  if (name === 'add-abort-signal')
    return `exports.addAbortSignal = (...args) => ${file}.addAbortSignal(...args);`;
  return `module.exports = (...args) => ${file}(...args);`;
}

const packages = path.join(source, 'node_modules') + path.sep;
const substitutePlugin = (entry) => ({
  name: 'substitute',
  setup(context) {
    context.onResolve({ filter: /./ }, (request) => {
      let name = request.path;
      if (name.startsWith('.')) name = path.resolve(request.resolveDir, name).replace(packages, '');
      if (Object.hasOwn(substitutes, name)) return { path: substitutes[name], external: true };
      for (const [bundle, held] of Object.entries(bundles)) {
        if (bundle !== entry && entry in bundles && held.includes(name))
          return { path: name, namespace: 'other', pluginData: bundle };
      }
      return undefined;
    });
    context.onLoad({ filter: /./, namespace: 'other' }, ({ path: name, pluginData }) => ({
      contents: otherFile(entry, pluginData, path.basename(name)),
    }));
    context.onResolve({ filter: /^vendor\// }, (request) =>
      request.namespace === 'other' ? { path: request.path, external: true } : undefined,
    );
  },
});

const patchPlugin = {
  name: 'patch',
  setup(context) {
    context.onLoad({ filter: /(?:readable-stream|sucrase).*\.js$/ }, ({ path: file }) => {
      const name = file.replace(packages, '').replace(/\.js$/, '');
      if (!hasPatch(name)) return undefined;
      return { contents: patched(name, readFileSync(file, 'utf8')), loader: 'js' };
    });
  },
};

/**
 * Text without comments and indentation, which the engine would read at each start. Lines stay where
 * they are, as stack traces name them.
 */
function lean(text) {
  const comments = [];
  const templates = [];
  parse(text, {
    ecmaVersion: 'latest',
    sourceType: 'script',
    allowReturnOutsideFunction: true,
    onComment: (block, comment, start, end) => comments.push([start, end]),
    onToken: ({ type, start, end }) => type.label === 'template' && templates.push([start, end]),
  });
  let result = '';
  let at = 0;
  for (const [start, end] of [...comments, [text.length, text.length]]) {
    const kept = text.slice(at, start).replace(/\n[ \t]+/g, (indent, offset) => {
      const place = at + offset;
      return templates.some(([from, to]) => from <= place && place < to) ? indent : '\n';
    });
    result += kept + text.slice(start, end).replace(/[^\n]+/g, ' ');
    at = end;
  }
  return result;
}

mkdirSync(output, { recursive: true });
const table = [];
const metafiles = [];
const digest = createHash('sha256');
for (const [index, file] of files.entries()) {
  let text;
  if (file.startsWith('vendor/')) {
    text = file.replaceAll('/', '_');
    const { metafile } = await build({
      // Names of files are in the bundles: from SOURCE, also where node_modules is a link.
      absWorkingDir: path.resolve(source),
      preserveSymlinks: true,
      entryPoints: [path.resolve(lib, file)],
      outfile: path.resolve(output, text),
      bundle: true,
      metafile: true,
      format: 'cjs',
      platform: 'neutral',
      mainFields: ['main'],
      conditions: ['require', 'node', 'default'],
      target: 'es2022',
      minifySyntax: true,
      minifyWhitespace: true,
      // Variables are the program's to read, by what it is allowed.
      define: {
        'process.env.NODE_ENV': '"production"',
        'process.env.JEST_WORKER_ID': 'undefined',
        'process.env.READABLE_STREAM': 'undefined',
        'process.env.UNDICI_NO_WASM_SIMD': 'undefined',
        global: 'globalThis',
      },
      legalComments: 'none',
      logLevel: 'warning',
      plugins: [substitutePlugin(names[index]), builtinPlugin, patchPlugin],
    });
    metafiles.push(metafile);
    const bundle = path.join(output, text);
    writeFileSync(bundle, withVariables(readFileSync(bundle, 'utf8')));
  } else {
    text = path.join('lib', file);
    const leaner = path.join(output, text);
    mkdirSync(path.dirname(leaner), { recursive: true });
    writeFileSync(leaner, withVariables(lean(readFileSync(path.join(lib, file), 'utf8'))));
  }
  // The engine reads it where it lies, as characters of one byte.
  const bytes = readFileSync(path.join(output, text));
  if (bytes.some((byte) => byte === 0 || byte > 127))
    throw new Error(`${text} is not ASCII without NUL bytes`);
  digest.update(`${names[index]} ${bytes.length} `).update(bytes);
  table.push({ index, name: names[index], text });
}

// What every program loads, then what those that use net do, then the rest: the kernel maps the file
// by pieces of many pages.
const always = ['events'].concat(
  [
    ...['base/lazy', 'base/stores', 'buffer/wasm_memory', 'errors/classes', 'errors/codes'],
    'events/rejections',
    ...['modules/loader', 'modules/packages', 'modules/source', 'process/core', 'start/bootstrap'],
    ...['start/globals', 'start/run', 'timers/microtask', 'timers/timers'],
  ].map((name) => `internal/${name}`),
);
const forNet = ['buffer', 'net', 'process', 'stream', first].concat(
  [
    ...['buffer/encodings', 'buffer/fast_buffer', 'buffer/numbers', 'buffer/own', 'buffer/search'],
    ...['base/channels', 'buffer/view'],
    ...['errors/validators', 'streams/lean', 'streams/support', 'net/defaults'],
    ...['net/handles', 'net/options', 'net/server', 'net/socket', 'net/socket_fields'],
    ...['net/server_limits', 'net/server_operating'],
    ...['net/socket_properties', 'net/socket_reading', 'net/socket_writing'],
  ].map((name) => `internal/${name}`),
);
for (const name of [...always, ...forNet, ...Object.values(substitutes), ...Object.keys(bundles)])
  if (!names.includes(name)) throw new Error(`embed.mjs: there is no module ${name}`);
function rank({ name }) {
  if (always.includes(name)) return 0;
  return forNet.includes(name) ? 1 : 2;
}

// What stands around a module's text, so that it is the body of a function. It is a script whose
// `this` has the names that a module sees (lib/internal/start/bootstrap.js).
function frameOf(name) {
  if (name === 'internal/start/bootstrap') return ["'use strict';(function(){", '}).call(this)'];
  const names = ['exports', 'require', 'module', 'process', 'binding'];
  const given = names.map((one) => `this.${one}`);
  // Packages may be sloppy, and theirs is the global object then.
  if (name.startsWith('vendor/')) return [`(function(${names}){`, `})(${given})`];
  return [`'use strict';(function(${names}){`, `}).call(this,${given})`];
}

writeFileSync(
  path.join(output, 'builtins.S'),
  '  .section .rodata\n' +
    [...table]
      .sort((a, b) => rank(a) - rank(b))
      .map(
        ({ index, name, text }) =>
          `  .global sluice_builtin_${index}\n  .global sluice_builtin_${index}_end\n` +
          `sluice_builtin_${index}:\n  .ascii "${frameOf(name)[0]}"\n` +
          `  .incbin "${text}"\n  .ascii "\\n${frameOf(name)[1]}"\nsluice_builtin_${index}_end:\n`,
      )
      .join('') +
    '  .section .note.GNU-stack,"",%progbits\n',
);
writeFileSync(
  path.join(output, 'builtins.cc'),
  '#include "engine/engine.h"\n\nextern "C" {\n' +
    table
      .map(
        ({ index }) =>
          `extern const char sluice_builtin_${index}[], sluice_builtin_${index}_end[];\n`,
      )
      .join('') +
    '}\n\nnamespace sluice::js {\n\nstd::span<const BuiltinSource> BuiltinSources() {\n' +
    '  static const BuiltinSource table[] = {\n' +
    table
      .map(
        ({ index, name }) =>
          `    {"${name}", sluice_builtin_${index}, sluice_builtin_${index}_end},\n`,
      )
      .join('') +
    '  };\n  return table;\n}\n\n' +
    `std::string_view BuiltinDigest() { return "${digest.digest('hex')}"; }\n\n` +
    '}  // namespace sluice::js\n',
);

// The dashboard: a script with its packages for browsers, and their style before its own.
const dashboard = await build({
  entryPoints: [path.join(source, 'packaging/dashboard/app.js')],
  outfile: path.join(output, 'dashboard.js'),
  bundle: true,
  format: 'iife',
  minify: true,
  platform: 'browser',
  target: 'es2022',
  metafile: true,
  absWorkingDir: source,
});
metafiles.push(dashboard.metafile);
writeFileSync(
  path.join(output, 'dashboard.css'),
  [
    path.join(packages, 'uplot/dist/uPlot.min.css'),
    path.join(source, 'packaging/dashboard/style.css'),
  ]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n'),
);

const bundled = bundledPackages(source, metafiles);
writeFileSync(path.join(output, 'licenses.txt'), licenseText(source, bundled));
writeFileSync(
  path.join(output, 'bundled.json'),
  JSON.stringify(
    bundled.map(({ name, license }) => ({ name, license })),
    null,
    2,
  ) + '\n',
);

// What the command writes or prints: [name, file from SOURCE or OUTPUT].
const service = readdirSync(path.join(source, 'packaging/service'), { recursive: true })
  .filter((file) => statSync(path.join(source, 'packaging/service', file)).isFile())
  .map((file) => [`service/${file}`, `packaging/service/${file}`]);
const types = readdirSync(path.join(source, 'types')).map((file) => [
  `service/types/${file}`,
  `types/${file}`,
]);
const page = [
  ['dashboard/app.js', 'dashboard.js'],
  ['dashboard/page.html', 'packaging/dashboard/page.html'],
  ['dashboard/style.css', 'dashboard.css'],
];
const texts = [['licenses', 'licenses.txt'], ...page, ...service.sort(), ...types.sort()];
writeFileSync(
  path.join(output, 'texts.S'),
  '  .section .rodata\n' +
    texts
      .map(
        ([, file], index) =>
          `  .global sluice_text_${index}\n  .global sluice_text_${index}_end\n` +
          `sluice_text_${index}:\n  .incbin "${file}"\nsluice_text_${index}_end:\n`,
      )
      .join('') +
    '  .section .note.GNU-stack,"",%progbits\n',
);
writeFileSync(
  path.join(output, 'texts.cc'),
  '#include "cli/texts.h"\n\nextern "C" {\n' +
    texts
      .map((_, index) => `extern const char sluice_text_${index}[], sluice_text_${index}_end[];\n`)
      .join('') +
    '}\n\nnamespace sluice::cli {\n\nstd::span<const Text> Texts() {\n' +
    '  static const Text table[] = {\n' +
    texts
      .map(
        ([name], index) => `      {"${name}", {sluice_text_${index}, sluice_text_${index}_end}},\n`,
      )
      .join('') +
    '  };\n  return table;\n}\n\n}  // namespace sluice::cli\n',
);
