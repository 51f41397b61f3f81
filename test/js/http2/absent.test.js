'use strict';
// Where the library is not there; an empty file stands in its place, in a mount namespace.
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const { spawnSync } = require('child_process');
require('http2');

const library = /\S*\/libnghttp2\.so\S*/.exec(fs.readFileSync('/proc/self/maps', 'latin1'))[0];
const sentence = 'require() without the library is an error that names it';

function withoutLibrary(code) {
  const script = `mount --bind /dev/null '${library}' && exec '${process.execPath}' -p "$0"`;
  return spawnSync('unshare', ['-rm', 'sh', '-c', script, code], { encoding: 'utf8' });
}

if (withoutLibrary('1').status !== 0) test.skip(sentence, 'namespaces cannot be made');
else
  test(sentence, () => {
    const code = `(() => { try { require('http2'); } catch (e) { return e.code + ' ' + e.message; } })()`;
    assert.match(withoutLibrary(code).stdout, /^ERR_FEATURE_UNAVAILABLE http2 needs libnghttp2: /);
  });
