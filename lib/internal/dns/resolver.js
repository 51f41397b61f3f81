'use strict';
// Questions to DNS servers: the classes Resolver of dns and dns/promises and the one resolver that
// the functions of both modules use. docs/api/dns.md
const native = binding('resolver');
const { codes } = require('internal/errors/codes');
const { codeOf, constants, dnsError } = require('internal/dns/codes');
const { formatServers, parseServers } = require('internal/dns/servers');
const { parseAnswer, TYPES } = require('internal/dns/message');
const { measure } = require('internal/base/observed');
const { carry } = require('internal/base/stores');
const { isIP } = binding('net');
const {
  validateFunction,
  validateInt32,
  validateString,
  validateUint32,
} = require('internal/errors/validators');

const EINVAL = -22;
const MOST_MS = 2 ** 31 - 1; // that c-ares takes

const handles = new FinalizationRegistry((id) => native.close(id));

/** What both classes share. */
class ResolverBase {
  #id;
  #inFlight = 0;

  constructor(options) {
    const { timeout = -1, tries = 4, maxTimeout = 0 } = options ?? {};
    validateInt32(timeout, 'options.timeout', -1);
    validateInt32(tries, 'options.tries', 1);
    validateUint32(maxTimeout, 'options.maxTimeout');
    this.#id = native.create(timeout, tries, Math.min(maxTimeout, MOST_MS));
    handles.register(this, this.#id);
  }

  /** Ends all questions in flight by the error ECANCELLED. */
  cancel() {
    native.cancel(this.#id);
  }

  getServers() {
    return formatServers(native.servers(this.#id));
  }

  /** Replaces the servers; there must be no question in flight. */
  setServers(servers) {
    const list = parseServers(servers);
    if (this.#inFlight > 0)
      throw new codes.ERR_DNS_SET_SERVERS_FAILED('There are pending queries.', servers);
    const status = native.setServers(this.#id, ...list);
    if (status !== 0) throw new codes.ERR_DNS_SET_SERVERS_FAILED(codeOf(status), servers);
  }

  /** The addresses that questions are sent from: one of IPv4, one of IPv6, or one of each. */
  setLocalAddress(ipv4, ipv6) {
    validateString(ipv4, 'ipv4');
    if (ipv6 !== undefined) validateString(ipv6, 'ipv6');
    const families = [ipv4, ipv6].slice(0, ipv6 === undefined ? 1 : 2).map(isIP);
    if (families.includes(0)) throw localAddressError('Invalid IP address.');
    if (families[0] === families[1])
      throw localAddressError(`Cannot specify two IPv${families[0]} addresses.`);
    native.setLocalAddress(this.#id, ipv4);
    if (ipv6 !== undefined) native.setLocalAddress(this.#id, ipv6);
  }

  /**
   * Asks; done(error) or done(null, result) comes later.
   * @param {{syscall: string, type?: string}} question
   */
  _ask(question, name, options, done) {
    const { syscall, type } = question;
    const told = carry(done, 'QUERYWRAP');
    const measured = measure('dns');
    const finish = (status, answer) => {
      this.#inFlight--;
      const result = status === 0 ? resultOf(type, answer, options) : codeOf(status);
      if (typeof result === 'string') told(dnsError(result, undefined, syscall, name));
      else {
        measured?.(syscall, { host: name, ttl: Boolean(options?.ttl), result });
        told(null, result);
      }
    };
    if (type === undefined) {
      if (!native.reverse(this.#id, name, finish)) throw dnsError('EINVAL', EINVAL, syscall, name);
    } else {
      native.ask(this.#id, toAscii(name), TYPES[type], finish);
    }
    this.#inFlight++;
  }
}

function localAddressError(message) {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });
}

function validateName(name) {
  validateString(name, 'name');
  if (name.includes('\0'))
    throw new codes.ERR_INVALID_ARG_VALUE('name', name, 'must be a string without null bytes');
}

function toAscii(name) {
  return /^[\0-\x7f]*$/.test(name) ? name : require('url').domainToASCII(name) || name;
}

/** What a program gets of an answer, or the code of the failure. */
function resultOf(type, answer, options) {
  if (type === undefined) return answer; // names, of reverse()
  const all = parseAnswer(answer);
  if (all === undefined) return constants.BADRESP;
  const records = type === 'ANY' ? all : all.filter((record) => record.type === type);
  if (records.length === 0) return constants.NODATA;
  if (type === 'ANY') return records.map(describe);
  if (type === 'SOA') return records[0].value;
  const values = records.map((record) => record.value);
  if ((type !== 'A' && type !== 'AAAA') || !options?.ttl) return values;
  // An address lives as long as the aliases that lead to it.
  const limit = Math.min(...all.filter((one) => one.type === 'CNAME').map((one) => one.ttl));
  return records.map(({ ttl, value }) => ({ address: value, ttl: Math.min(ttl, limit) }));
}

/** A record of resolveAny(). */
function describe({ type, ttl, value }) {
  if (type === 'A' || type === 'AAAA') return { address: value, ttl, type };
  if (type === 'TXT') return { entries: value, type };
  return typeof value === 'string' ? { value, type } : { ...value, type };
}

const typesOfMethods = {
  resolveAny: 'ANY',
  resolve4: 'A',
  resolve6: 'AAAA',
  resolveCaa: 'CAA',
  resolveCname: 'CNAME',
  resolveMx: 'MX',
  resolveNs: 'NS',
  resolveTxt: 'TXT',
  resolveTlsa: 'TLSA',
  resolveSrv: 'SRV',
  resolvePtr: 'PTR',
  resolveNaptr: 'NAPTR',
  resolveSoa: 'SOA',
};

/** {method: {syscall, type}}; Node's syscall is the type's name in another spelling. */
const questions = { reverse: { syscall: 'getHostByAddr' } };
for (const [method, type] of Object.entries(typesOfMethods))
  questions[method] = { type, syscall: `query${type[0]}${type.slice(1).toLowerCase()}` };

const methodsOfTypes = new Map(
  Object.entries(typesOfMethods).map(([method, type]) => [type, method]),
);

/** The method that resolve() stands for. */
function methodOf(rrtype) {
  validateString(rrtype, 'rrtype');
  const method = methodsOfTypes.get(rrtype);
  if (method === undefined) throw new codes.ERR_INVALID_ARG_VALUE('rrtype', rrtype);
  return method;
}

/** Defines the methods of a class, each made by make(question) and named as in Node. */
function defineQuestions(Class, make) {
  for (const [method, question] of Object.entries(questions)) {
    const value = make(question);
    Object.defineProperty(value, 'name', { value: question.syscall });
    Object.defineProperty(Class.prototype, method, { value, writable: true, configurable: true });
  }
}

/** Asks DNS servers; the last argument of its methods is callback(error, result). */
class Resolver extends ResolverBase {
  resolve(hostname, rrtype, callback) {
    if (typeof rrtype === 'function') return this.resolve4(hostname, rrtype);
    return this[methodOf(rrtype)](hostname, callback);
  }
}
defineQuestions(
  Resolver,
  (question) =>
    function (name, options, callback = options) {
      validateName(name);
      validateFunction(callback, 'callback');
      this._ask(question, name, options, callback);
      return {};
    },
);

/** The same with promises. */
class PromisesResolver extends ResolverBase {
  resolve(hostname, rrtype = 'A') {
    return PromisesResolver.prototype[methodOf(rrtype)].call(this, hostname);
  }
}
Object.defineProperty(PromisesResolver, 'name', { value: 'Resolver' });
defineQuestions(
  PromisesResolver,
  (question) =>
    function (name, options) {
      validateName(name);
      return new Promise((resolve, reject) => {
        this._ask(question, name, options, (error, result) => {
          if (error === null) resolve(result);
          else reject(error);
        });
      });
    },
);

/**
 * The functions of a module that asks one resolver: the methods of Class, with the servers of
 * resolver(), which makes it when it is needed first.
 */
function functionsOf(Class, resolver) {
  const functions = {
    getServers: () => resolver().getServers(),
    setServers: (servers) => resolver().setServers(servers),
  };
  for (const name of ['resolve', ...Object.keys(questions)]) {
    const method = Class.prototype[name];
    functions[name] = (...args) => method.apply(resolver(), args);
    const { length } = method;
    Object.defineProperties(functions[name], {
      name: { value: method.name },
      length: { value: length },
    });
  }
  return functions;
}

let shared;
const sharedResolver = () => (shared ??= new Resolver());

module.exports = {
  Resolver,
  ...functionsOf(Resolver, sharedResolver),
  PromisesResolver,
  promisesFunctions: functionsOf(PromisesResolver, sharedResolver),
};
