'use strict';
// The proxies of requests, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY name them. A request of http goes to its
// proxy with its whole URL; one of https goes through a tunnel, which CONNECT makes.
const net = require('net');
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');

const PORTS = { __proto__: null, 'http:': 80, 'https:': 443 };

/** A URL that may be shown. */
const withoutUser = (href) => href.replace(/\/\/[^/]*@/, '//');

const bracketed = (host) => (net.isIP(host) === 6 ? `[${host}]` : host);

/** A variable's value; the one in small letters counts first. */
const valueOf = (env, name) => env[name.toLowerCase()] || env[name];

/** Whether an entry of NO_PROXY means a host. Both are in small letters. */
function means(entry, host, port) {
  if (entry === '*' || entry === host || entry === `${host}:${port}`) return true;
  if (entry.startsWith('.')) return host.endsWith(entry) || host === entry.slice(1);
  if (entry.startsWith('*.')) return host.endsWith(entry.slice(1));
  const [first, last] = entry.split('-');
  if (last === undefined || net.isIP(first) === 0 || net.isIP(host) === 0) return false;
  const range = new net.BlockList();
  range.addRange(first, last, `ipv${net.isIP(first)}`);
  return range.check(host, `ipv${net.isIP(host)}`);
}

// A proxy goes by the target alone: another Host would deceive who looks at it.
function checkHost(name, value, origin, expected) {
  if (origin === expected) return;
  throw new codes.ERR_INVALID_ARG_VALUE(
    name,
    value,
    `must match the request authority (${new URL(expected).host})`,
  );
}

class RequestProxy {
  #exceptions;
  #authorization; // the value of Proxy-Authorization, or undefined

  /** @param {string} href of the proxy @param {string} [exceptions] NO_PROXY */
  constructor(href, exceptions = '') {
    const url = /[\r\n]/.test(href) ? null : URL.parse(href);
    if (url === null || !(url.protocol in PORTS))
      throw new codes.ERR_PROXY_INVALID_CONFIG(`Invalid proxy URL: ${withoutUser(href)}`);
    const { hostname, password, port, protocol, username } = url;
    this.name = url.origin; // for errors: who it is known by stays untold
    this.encrypted = protocol === 'https:';
    this.host = hostname.replace(/^\[|\]$/g, '');
    this.port = Number(port || PORTS[protocol]);
    if (username || password) {
      const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.#authorization = `Basic ${Buffer.from(user).toString('base64')}`;
    }
    const entries = `${exceptions}`.toLowerCase().split(',');
    this.#exceptions = entries.map((entry) => entry.trim()).filter(Boolean);
  }

  /** Whether requests to a host go by it. */
  serves({ host, port, socketPath }) {
    if (socketPath) return false;
    const name = `${host}`.toLowerCase();
    return !this.#exceptions.some((entry) => means(entry, name, port));
  }

  /** A connection to it, of the options of the one that was asked for. */
  connect({ keepAlive, keepAliveInitialDelay, noDelay, timeout }) {
    const { host, port } = this;
    const options = { host, port, keepAlive, keepAliveInitialDelay, noDelay, timeout };
    if (!this.encrypted) return net.connect(options);
    if (net.isIP(host) === 0) options.servername = host;
    return require('tls').connect(options);
  }

  /**
   * What a request of http sends in the place of its path.
   * @throws ERR_INVALID_ARG_VALUE where it names another host than the one that is asked
   */
  target({ host, port }, path, method) {
    if (path === '*' || method === 'CONNECT') return path;
    const { origin, href } = new URL(`http://${bracketed(host)}:${port}`);
    if (!URL.canParse(path)) return `${href.slice(0, -1)}${path}`;
    checkHost('options.path', path, new URL(path).origin, origin);
    return path;
  }

  /**
   * Has a request of http tell the proxy whose it is, and what becomes of the connection.
   * @throws ERR_INVALID_ARG_VALUE where its Host is another than its target's
   */
  introduce(req) {
    const host = req.getHeader('host');
    if (host !== undefined && req.method !== 'CONNECT' && URL.canParse(req.path))
      checkHost(
        'Host in options.headers',
        host,
        URL.parse(`http://${host}`)?.origin,
        new URL(req.path).origin,
      );
    if (this.#authorization) req.setHeader('proxy-authorization', this.#authorization);
    req.setHeader('proxy-connection', req.shouldKeepAlive ? 'keep-alive' : 'close');
  }

  /** The fields of a request for a tunnel. */
  tunnelFields(target, keepAlive) {
    return {
      host: target,
      ...(this.#authorization && { 'proxy-authorization': this.#authorization }),
      ...(keepAlive && { 'proxy-connection': 'keep-alive' }),
    };
  }
}

/** @param {object} env the option proxyEnv of an agent @returns {RequestProxy|null} */
function proxyOf(env, protocol) {
  const href = valueOf(env, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  return href ? new RequestProxy(`${href}`, valueOf(env, 'NO_PROXY')) : null;
}

/**
 * Opens a tunnel to the host of a connection's options.
 * @param {RequestProxy} proxy
 * @param {object} options
 * @param {ClientRequest} [asker] whose end gives the tunnel up
 * @param {(error: Error|null, socket?: net.Socket) => void} done
 */
function openTunnel(proxy, options, asker, done) {
  const { ClientRequest, kCancel } = require('internal/http/client');
  const target = `${bracketed(options.host)}:${options.port}`;
  const tunnel = new ClientRequest({
    method: 'CONNECT',
    path: target,
    headers: proxy.tunnelFields(target, options.keepAlive),
    setDefaultHeaders: false,
    timeout: options.timeout,
    createConnection: () => proxy.connect(options),
  });
  const finish = (error, socket) => {
    if (asker !== undefined) asker[kCancel] = undefined;
    done(error, socket);
  };
  const failure = (why) =>
    new codes.ERR_PROXY_TUNNEL(`Failed to establish tunnel to ${target} via ${proxy.name}: ${why}`);
  if (asker !== undefined) asker[kCancel] = () => tunnel.destroy();
  tunnel.on('connect', (res, socket, head) => {
    if (res.statusCode !== 200) {
      socket.destroy();
      const { httpVersion, statusCode, statusMessage } = res;
      const error = failure(`HTTP/${httpVersion} ${statusCode} ${statusMessage}`);
      finish(Object.assign(error, { statusCode }));
      return;
    }
    if (head.length > 0) socket.unshift(head);
    finish(null, socket);
  });
  tunnel.on('timeout', () => tunnel.destroy(new Error(`no answer in ${options.timeout} ms`)));
  tunnel.on('error', (error) =>
    finish(error.syscall === undefined ? failure(error.message) : error),
  );
  tunnel.end();
}

module.exports = { openTunnel, proxyOf };
