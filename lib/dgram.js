'use strict';
// The module dgram: UDP sockets.
const EventEmitter = require('events');
const { Buffer } = require('buffer');
const { carry } = require('internal/base/stores');
const channels = require('internal/base/channels');
const { codes, errnoException, exceptionWithHostPort } = require('internal/errors/codes');
const { errno } = require('internal/base/constants');
const { validateObject, validatePort, validateString } = require('internal/errors/validators');
const {
  checkOptions,
  checkType,
  literal,
  sendArguments,
  sharing,
} = require('internal/net/datagrams');
const { callable, define } = require('internal/base/lazy');
const { kBegin, kCall, kFamily, methods } = require('internal/net/datagram_options');
const native = binding('dgram');

const UNBOUND = 0;
const BINDING = 1;
const BOUND = 2;
const CONNECTED = 2; // after UNBOUND and BINDING, which also say how far connect() is

const ANY = { 4: '0.0.0.0', 6: '::' };
const LOOPBACK = { 4: '127.0.0.1', 6: '::1' };

class Socket extends EventEmitter {
  #family;
  #id;
  #state = UNBOUND;
  #connection = UNBOUND;
  #open = false; // whether the system has a socket for this one, as seen by its options
  #closed = false;
  #queue = []; // what waits until the socket is bound
  #late = new Map(); // token → how send() ends
  #token = 0;
  #options;

  constructor(type, listener) {
    super();
    const options = typeof type === 'object' && type !== null ? type : { type };
    this.#family = checkType(options.type);
    this.type = options.type;
    this.#options = options;
    checkOptions(options);
    this.#make();
    if (typeof listener === 'function') this.on('message', listener);
    if (options.signal) this.#closeOn(options.signal);
    channels.publish?.('udp.socket', { socket: this });
  }

  /** Returns whether there is a descriptor. bind() asks again, and emits that there is none. */
  #make() {
    const { reuseAddr, reusePort, ipv6Only } = this.#options;
    const receive = carry((...event) => this.#receive(...event), 'UDPWRAP', this);
    const flags = [reuseAddr, reusePort, ipv6Only].map(Boolean);
    this.#id = native.open(this.#family, ...flags, receive);
    return this.#id >= 0;
  }

  #closeOn(signal) {
    const close = () => {
      if (!this.#closed) this.close();
    };
    if (signal.aborted) process.nextTick(close);
    else {
      signal.addEventListener('abort', close, require('internal/base/abort').onAbort);
      this.once('close', () => signal.removeEventListener('abort', close));
    }
  }

  // ---- Events

  #receive(first, second, port, family) {
    if (typeof first === 'number' && second !== undefined) {
      const finish = this.#late.get(first);
      this.#late.delete(first);
      finish(second);
    } else if (typeof first === 'number') {
      this.emit('error', errnoException(first, 'recvmsg'));
    } else {
      if (this.#options.receiveBlockList?.check(second, `ipv${family}`)) return;
      const message = Buffer.from(first.buffer, first.byteOffset, first.length);
      this.emit('message', message, {
        address: second,
        family: `IPv${family}`,
        port,
        size: message.length,
      });
    }
  }

  #check() {
    if (this.#closed) throw new codes.ERR_SOCKET_DGRAM_NOT_RUNNING();
  }

  /** Calls done(error, address) with the IP of a host; never at once. */
  #resolve(host, done) {
    const { lookup } = this.#options;
    if (lookup !== undefined) lookup(host, this.#family, done);
    else if (require('net').isIP(host) !== 0) process.nextTick(done, null, host);
    else require('dns').lookup(host, this.#family, done);
  }

  // ---- Binding and connecting

  /** ([port][, address][, callback]) or (options[, callback]). Emits listening. */
  bind(port, address, callback) {
    this.#check();
    if (this.#state !== UNBOUND) throw new codes.ERR_SOCKET_ALREADY_BOUND();
    let options = port;
    if (typeof port === 'function') [options, callback] = [{}, port];
    else if (typeof address === 'function') [address, callback] = [undefined, address];
    if (typeof options !== 'object' || options === null) options = { port, address };
    const { fd } = options;
    if (Number.isInteger(fd) && fd > 0) return this.#adopt(fd, callback);
    const number = validatePort(options.port ?? 0, 'Port');
    if (options.address != null && options.address !== '')
      validateString(options.address, 'address');
    if (typeof callback === 'function') {
      const fail = () => this.removeListener('listening', callback);
      this.once('listening', callback).once('listening', () => this.removeListener('error', fail));
      this.once('error', fail);
    }
    this.#state = BINDING;
    this.#resolve(options.address || ANY[this.#family], (error, ip) => {
      if (this.#closed) return;
      if (!error && sharing.bind !== undefined && !options.exclusive && this.#id >= 0) {
        this.#bindShared(ip, number);
        return;
      }
      if (!error) error = this.#bindNow(ip, number);
      if (error) this.#bindFailed(error);
    });
    return this;
  }

  /**
   * Binds at once, to an IP address: ([{port, address}]). Emits listening in the next tick.
   * @returns {{address: string, family: string, port: number}} as of address()
   * @throws {Error} what bind(2) says
   */
  bindSync(options = {}) {
    validateObject(options, 'options');
    this.#check();
    if (this.#state !== UNBOUND) throw new codes.ERR_SOCKET_ALREADY_BOUND();
    const port = validatePort(options.port ?? 0, 'options.port');
    const ip = literal(options.address || ANY[this.#family], 'options.address', 'bindSync');
    this.#bindAtOnce(ip, port);
    return this.address();
  }

  #bindAtOnce(ip, port) {
    const error = this.#bindNow(ip, port, (bound) => process.nextTick(bound));
    if (error) throw error;
  }

  /** Takes over a bound descriptor. */
  #adopt(fd, callback) {
    const result = native.adopt(this.#id, fd, this.#family);
    if (result === -errno.EBADF || result === -errno.ENOTSOCK)
      throw new codes.ERR_INVALID_FD_TYPE('UNKNOWN');
    if (result < 0) throw errnoException(result, 'open');
    if (typeof callback === 'function') this.once('listening', callback);
    this.#state = BINDING;
    process.nextTick(() => {
      if (!this.#closed) this.#bound();
    });
    return this;
  }

  /** tell(bound) has bound() tell that the socket is bound; by default it does at once. */
  #bindNow(ip, port, tell) {
    const open = this.#id >= 0 || this.#make();
    const result = open ? native.bind(this.#id, ip, port) : this.#id;
    if (result < 0) return exceptionWithHostPort(result, 'bind', ip, port);
    this.#bound(tell);
    return undefined;
  }

  /** Binds to what the primary of a cluster has. */
  #bindShared(ip, port) {
    const { reuseAddr, reusePort, ipv6Only } = this.#options;
    const flags = [reuseAddr, reusePort, ipv6Only].map(Boolean);
    sharing.bind(this, { family: this.#family, flags, ip, port }, (errno_, fd) => {
      if (this.#closed) return false;
      const result = errno_ < 0 ? errno_ : native.adopt(this.#id, fd, this.#family);
      if (result < 0) this.#bindFailed(exceptionWithHostPort(result, 'bind', ip, port));
      else this.#bound();
      return result >= 0;
    });
  }

  #bound(tell = (bound) => bound()) {
    this.#state = BOUND;
    this.#open = true;
    native.receive(this.#id);
    const { sendBufferSize, recvBufferSize } = this.#options;
    if (recvBufferSize) this.setRecvBufferSize(recvBufferSize);
    if (sendBufferSize) this.setSendBufferSize(sendBufferSize);
    tell(() => {
      if (this.#closed) return;
      this.emit('listening');
      for (const job of this.#queue.splice(0)) job();
    });
  }

  #bindFailed(error) {
    this.#state = UNBOUND;
    this.#queue = [];
    this.emit('error', error);
  }

  /** Runs job when the socket is bound; binds it to any port if nobody has. */
  #whenBound(job) {
    if (this.#state === BOUND) {
      job();
      return;
    }
    this.#queue.push(job);
    if (this.#state === UNBOUND) this.bind({ port: 0, exclusive: true });
  }

  /** (port[, address][, callback]): sends to, and receives from, one peer only. Emits connect. */
  connect(port, address, callback) {
    const number = validatePort(port, 'Port', false);
    if (typeof address === 'function') [address, callback] = [undefined, address];
    if (address !== undefined && address !== null && address !== '')
      validateString(address, 'address');
    if (this.#connection !== UNBOUND) throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
    this.#check();
    this.#connection = BINDING;
    if (typeof callback === 'function') this.once('connect', callback);
    this.#whenBound(() => {
      this.#resolve(address || LOOPBACK[this.#family], (error, ip) => {
        if (this.#closed) return;
        error ??= this.#blocked(ip);
        const result = error ? 0 : native.connect(this.#id, ip, number);
        if (result < 0) error = exceptionWithHostPort(result, 'connect', ip, number);
        if (!error) {
          this.#connection = CONNECTED;
          this.emit('connect');
          return;
        }
        this.#connection = UNBOUND;
        if (typeof callback === 'function') {
          this.removeListener('connect', callback);
          callback(error);
        } else this.emit('error', error);
      });
    });
  }

  /**
   * Connects at once, to an IP address: (port[, address]); binds first, if nobody did. Emits connect
   * in the next tick.
   * @throws {Error} what connect(2) says
   */
  connectSync(port, address) {
    const number = validatePort(port, 'Port', false);
    if (this.#connection !== UNBOUND) throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
    this.#check();
    if (this.#state === BINDING) throw new codes.ERR_SOCKET_ALREADY_BOUND();
    const ip = literal(address || LOOPBACK[this.#family], 'address', 'connectSync');
    const blocked = this.#blocked(ip);
    if (blocked) throw blocked;
    if (this.#state === UNBOUND) this.#bindAtOnce(ANY[this.#family], 0);
    const result = native.connect(this.#id, ip, number);
    if (result < 0) throw exceptionWithHostPort(result, 'connect', ip, number);
    this.#connection = CONNECTED;
    process.nextTick(() => {
      if (!this.#closed) this.emit('connect');
    });
  }

  #blocked(ip) {
    const list = this.#options.sendBlockList;
    return list?.check(ip, `ipv${this.#family}`) ? new codes.ERR_IP_BLOCKED(ip) : undefined;
  }

  disconnect() {
    if (this.#connection !== CONNECTED) throw new codes.ERR_SOCKET_DGRAM_NOT_CONNECTED();
    const result = native.connect(this.#id);
    if (result < 0) throw errnoException(result, 'connect');
    this.#connection = UNBOUND;
  }

  // ---- Sending

  /** (message[, offset, length][, port][, address][, callback]) */
  send(message, offset, length, port, address, callback) {
    const connected = this.#connection === CONNECTED;
    const asked = sendArguments(connected, message, offset, length, port, address, callback);
    this.#check();
    const { data } = asked;
    ({ port, address, callback } = asked);
    if (connected) {
      if (port !== undefined || address !== undefined)
        throw new codes.ERR_SOCKET_DGRAM_IS_CONNECTED();
      this.#whenBound(() => this.#sendNow(data, undefined, undefined, callback));
      return;
    }
    const number = validatePort(port, 'Port', false);
    if (address != null && address !== '') validateString(address, 'address');
    this.#whenBound(() => {
      this.#resolve(address || LOOPBACK[this.#family], (error, ip) => {
        error ??= this.#blocked(ip);
        if (error) this.#sent(error, undefined, callback);
        else this.#sendNow(data, ip, number, callback);
      });
    });
  }

  #sendNow(data, ip, port, callback) {
    if (this.#closed) return;
    const finish = (result) => {
      if (result >= 0) this.#sent(null, result, callback);
      else this.#sent(exceptionWithHostPort(result, 'send', ip, port), undefined, callback);
    };
    const token = ++this.#token;
    const result = native.send(this.#id, data, token, ip, port);
    if (result === -errno.EAGAIN) this.#late.set(token, finish);
    else process.nextTick(finish, result);
  }

  #sent(error, bytes, callback) {
    if (callback !== undefined) callback(error, bytes);
    else if (error !== null) this.emit('error', error);
  }

  getSendQueueSize() {
    return native.waiting(this.#id)[0];
  }

  getSendQueueCount() {
    return native.waiting(this.#id)[1];
  }

  /** What another process can be given (child.send()). */
  get _handle() {
    return this.#closed ? null : { fd: native.descriptor(this.#id) };
  }

  // ---- Closing

  close(callback) {
    this.#check();
    if (typeof callback === 'function') this.once('close', callback);
    this.#closed = true;
    this.#queue = [];
    native.close(this.#id);
    process.nextTick(() => this.emit('close'));
    return this;
  }

  async [Symbol.asyncDispose]() {
    if (!this.#closed) await new Promise((resolve) => this.close(resolve));
  }

  ref() {
    if (!this.#closed) native.setRef(this.#id, true);
    return this;
  }

  unref() {
    if (!this.#closed) native.setRef(this.#id, false);
    return this;
  }

  // ---- Addresses and options

  #address(ofPeer, syscall) {
    this.#check();
    const found = native.address(this.#id, ofPeer);
    if (typeof found === 'number') throw errnoException(found, syscall);
    return { address: found[0], family: `IPv${found[2]}`, port: found[1] };
  }

  address() {
    this.#check();
    if (this.#state !== BOUND) throw errnoException(-errno.EBADF, 'getsockname');
    return this.#address(false, 'getsockname');
  }

  remoteAddress() {
    this.#check();
    if (this.#connection !== CONNECTED) throw new codes.ERR_SOCKET_DGRAM_NOT_CONNECTED();
    return this.#address(true, 'getpeername');
  }

  /** Calls a function of the binding with the socket's number; -EBADF before there is a socket. */
  [kCall](name, ...args) {
    this.#check();
    return this.#open ? native[name](this.#id, ...args) : -errno.EBADF;
  }

  /** Sees to it that there is one, by binding it to any port if nobody did. */
  [kBegin]() {
    this.#check();
    if (this.#state === UNBOUND) this.#bindAtOnce(ANY[this.#family], 0);
    this.#open = true;
  }

  get [kFamily]() {
    return this.#family;
  }
}
for (const [name, method] of Object.entries(methods)) define(Socket.prototype, name, method, false);

/** Makes a UDP socket: (type | options[, listener for message]). */
function createSocket(type, listener) {
  return new Callable(type, listener);
}

const Callable = callable(Socket);

module.exports = { Socket: Callable, createSocket };
