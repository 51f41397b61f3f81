'use strict';
// The url module (https://nodejs.org/api/url.html): URL and friends, files' URLs, and the older
// parse(), format() and resolve().
const { codes } = require('internal/errors/codes');
const { validateObject, validateString } = require('internal/errors/validators');
const legacy = require('internal/url/legacy');

function lazyURL() {
  return require('internal/url/url');
}

function isURL(value) {
  return Boolean(
    value?.href && value.protocol && value.auth === undefined && value.path === undefined,
  );
}

/**
 * The path of a file: URL.
 * @param {string|URL} url
 * @param {{windows?: boolean}} [options] whether it is one of Windows
 */
function fileURLToPath(url, options = {}) {
  const { URL } = lazyURL();
  if (typeof url === 'string') url = new URL(url);
  else if (!isURL(url)) throw new codes.ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], url);
  if (url.protocol !== 'file:') throw new codes.ERR_INVALID_URL_SCHEME('file');
  return options?.windows
    ? require('internal/url/windows').pathOf(url)
    : decodeURIComponent(pathnameOf(url));
}

/** The path of a file: URL as the bytes it stands for, which may be no UTF-8. */
function fileURLToPathBuffer(url, options = {}) {
  const { Buffer } = require('buffer');
  const { URL } = lazyURL();
  if (typeof url === 'string') url = new URL(url);
  else if (!isURL(url)) throw new codes.ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], url);
  if (url.protocol !== 'file:') throw new codes.ERR_INVALID_URL_SCHEME('file');
  if (options?.windows) return Buffer.from(require('internal/url/windows').pathOf(url));
  if (url.hostname !== '') throw new codes.ERR_INVALID_FILE_URL_HOST(process.platform);
  return require('querystring').unescapeBuffer(url.pathname);
}

function pathnameOf(url) {
  if (url.hostname !== '') throw new codes.ERR_INVALID_FILE_URL_HOST(process.platform);
  if (/%2f/i.test(url.pathname)) {
    const error = new codes.ERR_INVALID_FILE_URL_PATH('must not include encoded / characters');
    error.input = url;
    throw error;
  }
  return url.pathname;
}

const encode = (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * The file: URL of a path; relative ones are resolved against the working directory.
 * @param {string} file
 * @param {{windows?: boolean}} [options] whether it is one of Windows
 */
function pathToFileURL(file, options) {
  validateString(file, 'path');
  const { URL } = lazyURL();
  if (options?.windows) return require('internal/url/windows').urlOf(file);
  let path = require('path').resolve(file);
  if (file.endsWith('/') && !path.endsWith('/')) path += '/';
  return new URL(`file://${path.replace(/[\0-\x20"#%<>?[\\\]^`{|}~\x7f]/g, encode)}`);
}

/** The Punycode form of a domain, '' if it is not valid. */
function domainToASCII(domain) {
  if (arguments.length < 1) throw new codes.ERR_MISSING_ARGS('domain');
  return lazyURL().URL.parse(`ws://${domain}`)?.hostname ?? '';
}

/** The Unicode form of a domain, '' if it is not valid. */
function domainToUnicode(domain) {
  const ascii = domainToASCII(domain);
  if (ascii === '') return '';
  const options = {
    checkHyphens: false,
    checkBidi: true,
    checkJoiners: true,
    useSTD3ASCIIRules: false,
  };
  return require('internal/url/support').toUnicode(ascii, options).domain;
}

/** A URL as the options of an HTTP request. */
function urlToHttpOptions(url) {
  validateObject(url, 'url', { allowArray: true, allowFunction: true });
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url,
    protocol: url.protocol,
    hostname: hostname?.startsWith('[') ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password)
    options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

/** The text of a URL, or of what parse() gives. */
function format(value, options) {
  if (typeof value === 'string') return legacy.parse(value).format();
  if (typeof value !== 'object' || value === null)
    throw new codes.ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], value);
  if (!isURL(value) || value instanceof legacy.Url) return legacy.Url.prototype.format.call(value);
  if (options != null && typeof options !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  return formatURL(value, { fragment: true, unicode: false, search: true, auth: true, ...options });
}

function formatURL(url, options) {
  let text = url.protocol;
  if (url.host !== '' || url.href.startsWith(`${url.protocol}//`)) {
    text += '//';
    if (options.auth && (url.username || url.password))
      text += `${url.username}${url.password ? `:${url.password}` : ''}@`;
    text += options.unicode ? domainToUnicode(url.hostname) || url.hostname : url.hostname;
    if (url.port !== '') text += `:${url.port}`;
  }
  text += url.pathname;
  if (options.search) text += url.search;
  if (options.fragment) text += url.hash;
  return text;
}

module.exports = {
  Url: legacy.Url,
  parse: legacy.parse,
  resolve: legacy.resolve,
  resolveObject: legacy.resolveObject,
  format,
  domainToASCII,
  domainToUnicode,
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer,
  urlToHttpOptions,
};
for (const [name, file] of [
  ['URL', 'internal/url/url'],
  ['URLPattern', 'internal/url/pattern'],
  ['URLSearchParams', 'internal/url/url'],
])
  Object.defineProperty(module.exports, name, {
    enumerable: true,
    configurable: true,
    get: () => require(file)[name],
  });
