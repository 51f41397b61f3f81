'use strict';
// util.parseEnv(): variables from the text of a .env file.
// docs: https://nodejs.org/api/util.html#utilparseenvcontent
const { validateString } = require('internal/errors/validators');

// NAME = value: quoted, over several lines too; or to the end of the line or a #.
const ENTRY =
  /^[ \t]*(?:export[ \t]+)?([^ \t\r\n=#][^\n=]*)=[ \t]*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\n#]*))?.*$/gm;

/** @returns {Object<string, string>} */
function parseEnv(content) {
  validateString(content, 'content');
  const found = { __proto__: null };
  for (const [, name, double, single, back, plain] of content
    .replaceAll('\r\n', '\n')
    .matchAll(ENTRY)) {
    const value = double?.replaceAll('\\n', '\n') ?? single ?? back ?? plain?.trim() ?? '';
    found[name.trimEnd()] = value;
  }
  return found;
}

module.exports = { parseEnv };
