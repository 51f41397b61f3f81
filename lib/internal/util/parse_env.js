'use strict';
// util.parseEnv(): the text of an .env file as variables.
const { validateString } = require('internal/errors/validators');

// name = value, with `export` before it or not; a value in quotes may have many lines.
const LINE =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*(?:'([^']*)'|"((?:[^"\\]|\\[^])*)"|`([^`]*)`|([^#\r\n]*))/gm;

/**
 * @param {string} content
 * @returns {Record<string, string>}
 */
function parseEnv(content) {
  validateString(content, 'content');
  const variables = {};
  for (const [, name, single, double, back, plain] of content.matchAll(LINE))
    variables[name] = single ?? double?.replaceAll('\\n', '\n') ?? back ?? plain.trim();
  return variables;
}

module.exports = { parseEnv };
