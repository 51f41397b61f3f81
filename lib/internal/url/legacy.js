'use strict';
// url.parse(), format() and resolve() of before the URL standard.
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');

const hostless = new Set(['javascript', 'javascript:']);
const slashed = new Set();
for (const name of ['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss']) {
  slashed.add(name);
  slashed.add(`${name}:`);
}

const simple = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/;
const protocolStart = /^[a-z0-9.+-]+:/i;
const endOfHost = /[\t\n\r "#%'/;<>?\\^`{|}]/; // the first of these after the last '@' ends a host
const forbidden = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const forbiddenInBrackets = /[\0\t\n\r #%/<>?@\\^|]/;
const HOSTNAME_MAX = 255;

/** As in Node it may be called by classes of before there were any. */
function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

function invalid(input) {
  const error = new codes.ERR_INVALID_URL();
  error.input = input;
  return error;
}

/**
 * @param {string|Url} input
 * @param {boolean} [parseQuery] makes `query` an object
 * @param {boolean} [slashesDenoteHost] reads //host/path without a protocol as a host
 */
function parse(input, parseQuery, slashesDenoteHost) {
  if (input instanceof Url) return input;
  const url = new Url();
  url.parse(input, parseQuery, slashesDenoteHost);
  return url;
}

function hide(target, methods) {
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(target, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: true,
    });
}

hide(Url.prototype, {
  parse(input, parseQuery, slashesDenoteHost) {
    validateString(input, 'url');
    let rest = toSlashes(input.trim());

    if (!slashesDenoteHost && !/[#@]/.test(rest)) {
      const match = simple.exec(rest);
      if (match !== null) return setSimple(this, rest, match, parseQuery);
    }

    const protocol = protocolStart.exec(rest)?.[0];
    const lower = protocol?.toLowerCase();
    if (protocol !== undefined) {
      this.protocol = lower;
      rest = rest.slice(protocol.length);
    }

    let slashes = false;
    if (slashesDenoteHost || protocol !== undefined || /^\/\/[^@/]+@[^@/]+/.test(rest)) {
      slashes = rest.startsWith('//');
      if (slashes && !hostless.has(lower)) {
        rest = rest.slice(2);
        this.slashes = true;
      }
    }
    if (!hostless.has(lower) && (slashes || (protocol !== undefined && !slashed.has(protocol))))
      rest = takeHost(this, rest, input);
    if (!hostless.has(lower)) rest = escapeRest(rest);

    setParts(this, rest, parseQuery);
    if (slashed.has(lower) && this.hostname && !this.pathname) this.pathname = '/';
    if (this.pathname || this.search) this.path = `${this.pathname || ''}${this.search || ''}`;
    this.href = this.format();
    return this;
  },

  format() {
    let auth = this.auth || '';
    if (auth) auth = `${encodeAuth(auth)}@`;
    let protocol = this.protocol || '';
    let pathname = this.pathname || '';
    let hash = this.hash || '';
    let host = '';
    if (this.host) {
      host = auth + this.host;
    } else if (this.hostname) {
      const bare = this.hostname.includes(':') && !/^\[.*\]$/.test(this.hostname);
      host = auth + (bare ? `[${this.hostname}]` : this.hostname);
      if (this.port) host += `:${this.port}`;
    }
    let query = '';
    if (this.query !== null && typeof this.query === 'object')
      query = require('querystring').stringify(this.query);
    let search = this.search || (query && `?${query}`) || '';

    if (protocol && !protocol.endsWith(':')) protocol += ':';
    if (this.slashes || slashed.has(protocol)) {
      if (this.slashes || host) {
        if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
        host = `//${host}`;
      } else if (protocol === 'file:') {
        host = '//';
      }
    }
    if (hash && hash[0] !== '#') hash = `#${hash}`;
    if (search && search[0] !== '?') search = `?${search}`;
    return (
      protocol +
      host +
      pathname.replace(/[?#]/g, encodeURIComponent) +
      search.replaceAll('#', '%23') +
      hash
    );
  },

  resolve(relative) {
    return this.resolveObject(parse(relative, false, true)).format();
  },

  resolveObject(relative) {
    return require('internal/url/resolve').resolve(
      this,
      typeof relative === 'string' ? parse(relative, false, true) : relative,
    );
  },

  parseHost() {
    setHost(this, this.host);
  },
});

// Backslashes before the query count as slashes.
function toSlashes(text) {
  const split = text.indexOf('?');
  const hash = text.indexOf('#');
  let end = text.length;
  if (split >= 0) end = split;
  if (hash >= 0 && hash < end) end = hash;
  return text.slice(0, end).replaceAll('\\', '/') + text.slice(end);
}

function setSimple(url, text, match, parseQuery) {
  url.path = text;
  url.href = text;
  url.pathname = match[1];
  if (match[2]) {
    url.search = match[2];
    url.query = parseQuery
      ? require('querystring').parse(url.search.slice(1))
      : url.search.slice(1);
  } else if (parseQuery) {
    url.search = null;
    url.query = { __proto__: null };
  }
  return url;
}

// Takes auth, host and port off the start of rest.
function takeHost(url, rest, input) {
  let end = rest.search(/[/?#]/);
  if (end < 0) end = rest.length;
  // As the URL standard has it: these are no part of a host, or of what is before it.
  const authority = rest.slice(0, end).replace(/[\t\n\r]/g, '');
  rest = authority + rest.slice(end);
  end = authority.length;
  const at = rest.lastIndexOf('@', end - 1);
  let start = 0;
  if (at >= 0 && at < end) {
    url.auth = decodeURIComponent(rest.slice(0, at));
    start = at + 1;
  }
  const bad = rest.slice(start).search(endOfHost);
  end = bad < 0 ? rest.length : start + bad;
  setHost(url, rest.slice(start, end));
  rest = rest.slice(end);

  let hostname = url.hostname;
  const brackets = hostname[0] === '[' && hostname.endsWith(']');
  if (hostname.length > HOSTNAME_MAX) hostname = '';
  else hostname = hostname.toLowerCase();
  if (hostname !== '') {
    if (brackets) {
      if (forbiddenInBrackets.test(hostname)) throw invalid(input);
    } else {
      if (hostname.includes(':'))
        throw new codes.ERR_INVALID_ARG_VALUE('url', input, 'has an invalid port');
      hostname = toASCII(hostname, input);
      if (forbidden.test(hostname)) throw invalid(input);
    }
  }
  url.host = hostname + (url.port ? `:${url.port}` : '');
  url.hostname = brackets ? hostname.slice(1, -1) : hostname;
  if (brackets && rest[0] !== '/') rest = `/${rest}`;
  return rest;
}

function toASCII(hostname, input) {
  if (/^[\0-\x7f]*$/.test(hostname)) return hostname;
  const ascii = require('internal/url/support').toASCII(hostname, {
    checkBidi: true,
    checkJoiners: true,
    checkHyphens: false,
  });
  if (!ascii) throw invalid(input);
  return ascii;
}

function setHost(url, host) {
  const match = /:[0-9]*$/.exec(host);
  if (match !== null) {
    if (match[0] !== ':') url.port = match[0].slice(1);
    host = host.slice(0, match.index);
  }
  url.hostname = host;
}

function escapeRest(rest) {
  return rest.replace(
    /[\t\n\r "'<>\\^`{|}]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function setParts(url, rest, parseQuery) {
  const hash = rest.indexOf('#');
  if (hash >= 0) {
    url.hash = rest.slice(hash);
    rest = rest.slice(0, hash);
  }
  const question = rest.indexOf('?');
  if (question >= 0) {
    url.search = rest.slice(question);
    url.query = rest.slice(question + 1);
    if (parseQuery) url.query = require('querystring').parse(url.query);
    rest = rest.slice(0, question);
  } else if (parseQuery) {
    url.search = null;
    url.query = { __proto__: null };
  }
  if (rest) url.pathname = rest;
}

function encodeAuth(auth) {
  return encodeURIComponent(auth).replace(/%3A/gi, ':');
}

module.exports = {
  Url,
  hostless,
  slashed,
  parse,
  resolve: (from, to) => parse(from, false, true).resolve(to),
  resolveObject: (from, to) => (from ? parse(from, false, true).resolveObject(to) : to),
};
