'use strict';
// url.resolve() of before the URL standard: a reference against a base.
const { Url, hostless, slashed } = require('internal/url/legacy');

function finish(result) {
  if (result.pathname !== null || result.search !== null)
    result.path = `${result.pathname || ''}${result.search || ''}`;
  result.href = result.format();
  return result;
}

// A protocol of its own: relative to nothing, but for a missing host.
function resolveOther(result, relative, pathOfRelative) {
  if (!slashed.has(relative.protocol)) {
    Object.assign(result, relative);
    result.href = result.format();
    return result;
  }
  result.protocol = relative.protocol;
  if (!relative.host && !/^file:?$/.test(relative.protocol) && !hostless.has(relative.protocol)) {
    const parts = pathOfRelative.split('/');
    while (parts.length > 0 && !(relative.host = parts.shift()));
    relative.host ||= '';
    relative.hostname ||= '';
    if (parts[0] !== '') parts.unshift('');
    if (parts.length < 2) parts.unshift('');
    result.pathname = parts.join('/');
  } else {
    result.pathname = relative.pathname;
  }
  result.search = relative.search;
  result.query = relative.query;
  result.host = relative.host || '';
  result.auth = relative.auth;
  result.hostname = relative.hostname || relative.host;
  result.port = relative.port;
  result.slashes ||= relative.slashes;
  return finish(result);
}

// Takes the authority off the start of a path: of a protocol without slashes, or of a relative one.
function takeAuthority(result, host) {
  const at = host.indexOf('@');
  if (at > 0) {
    result.auth = host.slice(0, at);
    host = host.slice(at + 1);
  }
  result.host = result.hostname = host;
}

/** The URL that relative is, seen from base. @returns {Url} */
function resolve(base, relative) {
  const result = Object.assign(new Url(), base);
  result.hash = relative.hash;
  if (relative.href === '') {
    result.href = result.format();
    return result;
  }
  if (relative.slashes && !relative.protocol) {
    const { protocol } = result;
    Object.assign(result, relative);
    result.protocol = protocol;
    if (slashed.has(result.protocol) && result.hostname && !result.pathname)
      result.path = result.pathname = '/';
    result.href = result.format();
    return result;
  }
  if (relative.protocol && relative.protocol !== result.protocol)
    return resolveOther(result, Object.assign(new Url(), relative), relative.pathname || '');
  return resolvePath(result, relative);
}

// In a URL like foo:host/path the host is the first part of the path.
function takeHost(parts, host) {
  if (!host) return;
  if (parts[0] === '') parts[0] = host;
  else parts.unshift(host);
}

function setRoot(result, relative) {
  if (relative.host || relative.host === '') {
    if (result.host !== relative.host) result.auth = null;
    result.host = relative.host;
    result.port = relative.port;
  }
  if (relative.hostname || relative.hostname === '') {
    if (result.hostname !== relative.hostname) result.auth = null;
    result.hostname = relative.hostname;
  }
}

function setQuery(result, { search, query }) {
  result.search = search;
  result.query = query;
}

function resolvePath(result, relative) {
  const isBaseAbsolute = Boolean(result.pathname?.startsWith('/'));
  const isRelativeAbsolute = Boolean(relative.host || relative.pathname?.startsWith('/'));
  let mustBeAbsolute =
    isRelativeAbsolute || isBaseAbsolute || Boolean(result.host && relative.pathname);
  const removeAll = mustBeAbsolute;
  let path = result.pathname ? result.pathname.split('/') : [];
  const relativePath = relative.pathname ? relative.pathname.split('/') : [];
  const hostInPath = Boolean(result.protocol && !slashed.has(result.protocol));

  if (hostInPath) {
    takeHost(path, result.host);
    Object.assign(result, { hostname: '', port: null, host: '' });
    if (relative.protocol) {
      takeHost(relativePath, relative.host);
      relative = Object.assign(new Url(), relative, { hostname: null, port: null, host: null });
      result.auth = null;
    }
    mustBeAbsolute &&= relativePath[0] === '' || path[0] === '';
  }

  if (isRelativeAbsolute) {
    setRoot(result, relative);
    setQuery(result, relative);
    path = relativePath;
  } else if (relativePath.length > 0) {
    path.pop();
    path = path.concat(relativePath);
    setQuery(result, relative);
  } else if (relative.search !== null && relative.search !== undefined) {
    if (hostInPath) takeAuthority(result, path.shift() ?? '');
    setQuery(result, relative);
    return finish(result);
  }

  if (path.length === 0) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    result.href = result.format();
    return result;
  }
  const deep = Boolean(result.host || relative.host || path.length > 1);
  path = withoutDots(path, mustBeAbsolute, removeAll, deep);
  return setPath(result, relative, path, mustBeAbsolute, hostInPath);
}

function setPath(result, relative, path, mustBeAbsolute, hostInPath) {
  const isAbsolute = path[0] === '' || path[0]?.[0] === '/';
  if (hostInPath) {
    takeAuthority(result, isAbsolute ? '' : path.length > 0 ? path.shift() : '');
  }
  mustBeAbsolute ||= Boolean(result.host && path.length > 0);
  if (mustBeAbsolute && !isAbsolute) path.unshift('');
  if (path.length === 0) {
    result.pathname = null;
    result.path = null;
  } else {
    result.pathname = path.join('/');
  }
  result.auth = relative.auth || result.auth;
  result.slashes ||= relative.slashes;
  return finish(result);
}

function withoutDots(path, mustBeAbsolute, removeAll, deep) {
  const last = path.at(-1);
  const trailing = (deep && (last === '.' || last === '..')) || last === '';
  let up = 0;
  path = path.slice();
  for (let i = path.length - 1; i >= 0; i--) {
    if (path[i] === '.') {
      path.splice(i, 1);
    } else if (path[i] === '..') {
      path.splice(i, 1);
      up++;
    } else if (up > 0) {
      path.splice(i, 1);
      up--;
    }
  }
  if (!mustBeAbsolute && !removeAll) while (up-- > 0) path.unshift('..');
  if (mustBeAbsolute && path[0] !== '' && path[0]?.[0] !== '/') path.unshift('');
  if (trailing && !path.join('/').endsWith('/')) path.push('');
  return path;
}

module.exports = { resolve };
