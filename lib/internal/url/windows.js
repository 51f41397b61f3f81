'use strict';
// file: URLs of paths of Windows, for url.fileURLToPath() and pathToFileURL() with {windows: true}.
const { codes } = require('internal/errors/codes');

/** The path of a file: URL. @param {URL} url */
function pathOf(url) {
  const bad = (reason) => {
    const error = new codes.ERR_INVALID_FILE_URL_PATH(reason);
    error.input = url;
    return error;
  };
  if (/%2f|%5c/i.test(url.pathname)) throw bad('must not include encoded \\ or / characters');
  const path = decodeURIComponent(url.pathname.replaceAll('/', '\\'));
  if (url.hostname !== '') {
    const { domainToUnicode } = require('url');
    return `\\\\${domainToUnicode(url.hostname)}${path}`;
  }
  if (!/^\\[a-z]:/i.test(path)) throw bad('must be absolute');
  return path.slice(1);
}

const encode = (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** A path without . and .. parts; one without a drive is taken from the root of C:. */
function absolute(file) {
  const [, drive = 'C:', rest] = /^(?:\\\\\?\\)?([a-z]:)?([^]*)$/i.exec(file);
  const parts = [];
  for (const part of rest.split(/[\\/]+/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${drive}\\${parts.join('\\')}`;
}

/** The file: URL of a path; \\\\server\\share\\… has the server as its host. */
function urlOf(file) {
  const { URL } = require('internal/url/url');
  const special = (path) => path.replace(/[\0-\x20"#%<>?[\]^`{|}~\x7f]/g, encode);
  if (file.startsWith('\\\\') && !/^\\\\\?\\[a-z]:/i.test(file)) {
    const unc = file.replace(/^\\\\\?\\UNC\\/i, '\\\\');
    const end = unc.indexOf('\\', 2);
    if (end === -1)
      throw new codes.ERR_INVALID_ARG_VALUE('path', file, 'Missing UNC resource path');
    if (end === 2) throw new codes.ERR_INVALID_ARG_VALUE('path', file, 'Empty UNC servername');
    const url = new URL('file://');
    url.hostname = require('url').domainToASCII(unc.slice(2, end));
    url.pathname = special(unc.slice(end)).replaceAll('\\', '/');
    return url;
  }
  let path = absolute(file);
  if (/[\\/]$/.test(file) && !/[\\/]$/.test(path)) path += '\\';
  return new URL(`file:///${special(path.replace(/^\\\\\?\\/, '')).replaceAll('\\', '/')}`);
}

module.exports = { pathOf, urlOf };
