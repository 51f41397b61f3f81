'use strict';
// Keys of session tickets that several processes share: from a file that is watched, or derived from
// a secret as time goes by. docs/operate.md
const native = binding('tls');
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const { validateMembers } = require('internal/errors/options');
const { validateInteger, validateOneOf } = require('internal/errors/validators');

const SHORT = 48; // bytes: name 16, then two halves of 16
const LONG = 80; // bytes: name 16, then two halves of 32
const NAME = 16;
const HALF = 16;
const SHOWN = 4; // bytes of a name
const LEAST_SECRET = 32; // bytes
const PERIOD_S = 12 * 3600;
const LOOK_MS = 1000; // how often a file is looked at
const LONGEST_MS = 2 ** 31 - 1;

const MEMBERS = new Set(['file', 'order', 'secret', 'period']);

/** Whether a value of ticketKeys asks for a source, and is not keys itself. */
const isSource = (value) =>
  value !== null && typeof value === 'object' && !ArrayBuffer.isView(value);

function fail(where, reason) {
  throw new codes.ERR_TLS_TICKET_KEYS(where, reason);
}

/** Throws where keys are none that can protect anything. */
function check(keys, where) {
  const names = new Set();
  for (const key of keys) {
    if (key.length !== SHORT && key.length !== LONG)
      fail(where, `have one of ${key.length} bytes, not 48 or 80`);
    if (key.subarray(NAME).every((byte) => byte === 0)) fail(where, 'have one of zeros');
    const name = key.toString('hex', 0, NAME);
    if (names.has(name)) fail(where, `have two of the name ${name.slice(0, 2 * SHOWN)}...`);
    names.add(name);
  }
}

// ---- Files

/** The keys of a file's bytes: one as it is, or one a line as base64. */
function keysOfFile(bytes, where) {
  if (bytes.length === SHORT || bytes.length === LONG) return [bytes];
  const lines = bytes
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) fail(where, 'have none');
  return lines.map((line) => {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(line.trim())) fail(where, 'have a line that is no base64');
    return Buffer.from(line.trim(), 'base64');
  });
}

// Short keys have the halves the other way round in files of nginx and HAProxy: AES, then HMAC.
function fromFile(key) {
  if (key.length !== SHORT) return key;
  return Buffer.concat([
    key.subarray(0, NAME),
    key.subarray(NAME + HALF),
    key.subarray(NAME, NAME + HALF),
  ]);
}

class FileSource {
  #files;
  #order;
  #seen = ''; // what the files looked like

  constructor({ file, order = 'haproxy' }) {
    validateOneOf(order, 'ticketKeys.order', ['haproxy', 'nginx']);
    this.#files = Array.isArray(file) ? file : [file];
    if (this.#files.length === 0)
      throw new codes.ERR_INVALID_ARG_VALUE('ticketKeys.file', file, 'must name a file');
    for (const one of this.#files)
      if (typeof one !== 'string' && !(one instanceof URL))
        throw new codes.ERR_INVALID_ARG_TYPE('ticketKeys.file', ['string', 'URL', 'Array'], file);
    this.#order = order;
  }

  /** The keys, that which seals first, or undefined if nothing has changed. */
  read() {
    const fs = require('fs');
    const looks = this.#files
      .map((file) => {
        const { ino, size, mtimeNs } = fs.statSync(file, { bigint: true });
        return `${ino} ${size} ${mtimeNs}`;
      })
      .join();
    if (looks === this.#seen) return undefined;
    const where = `of ${this.#files.join(', ')}`;
    const keys = this.#files.flatMap((file) => keysOfFile(fs.readFileSync(file), where));
    check(keys, where);
    this.#seen = looks;
    // The newest of HAProxy's is known everywhere before anybody seals with it.
    const first = this.#order === 'haproxy' && keys.length > 1 ? keys.length - 2 : 0;
    return [keys[first], ...keys.filter((_, i) => i !== first)].map(fromFile);
  }

  /** ms until the next look. */
  get wait() {
    return LOOK_MS;
  }
}

// ---- Secrets

class SecretSource {
  #secret;
  #period; // ms
  #last = -1;

  constructor({ secret, period = PERIOD_S }) {
    if (typeof secret !== 'string' && !ArrayBuffer.isView(secret))
      throw new codes.ERR_INVALID_ARG_TYPE('ticketKeys.secret', ['string', 'Buffer'], secret);
    this.#secret = Buffer.from(secret);
    if (this.#secret.length < LEAST_SECRET)
      fail('by ticketKeys.secret', `need 32 bytes at least, not ${this.#secret.length}`);
    if (this.#secret.every((byte) => byte === this.#secret[0]))
      fail('by ticketKeys.secret', 'need more than one byte again and again');
    validateInteger(period, 'ticketKeys.period', 1);
    this.#period = period * 1000;
  }

  #key(number) {
    const { hkdfSync } = require('crypto');
    return Buffer.from(hkdfSync('sha256', this.#secret, 'sluice ticket', String(number), LONG));
  }

  read() {
    const now = Math.floor(Date.now() / this.#period);
    if (now === this.#last) return undefined;
    this.#last = now;
    // Clocks may differ by a period: the next one opens already.
    return [now, now + 1, now - 1, now - 2].map((number) => this.#key(number));
  }

  get wait() {
    return Math.min(LONGEST_MS, this.#period - (Date.now() % this.#period) + 1);
  }
}

/** Keys for the engine, kept as a source says. */
class TicketSource {
  #source;
  #timer;
  #failed = '';
  #shown = []; // {name, since, seals}
  keys = native.createTicketKeys();

  /**
   * @param {object} options {file, order} or {secret, period}
   * @throws ERR_TLS_TICKET_KEYS, errors of files
   */
  constructor(options) {
    validateMembers(options, 'ticketKeys', MEMBERS, {});
    if ((options.file === undefined) === (options.secret === undefined))
      throw new codes.ERR_INVALID_ARG_VALUE('ticketKeys', options, 'must have file or secret');
    this.#source = options.file === undefined ? new SecretSource(options) : new FileSource(options);
    this.#read();
  }

  #read() {
    const keys = this.#source.read();
    if (keys === undefined) return;
    native.ticketKeysSetAll(this.keys, keys, keys.length);
    const before = new Map(this.#shown.map((one) => [one.name, one.since]));
    this.#shown = keys.map((key, i) => {
      const name = key.toString('hex', 0, SHOWN);
      return { name, since: before.get(name) ?? Date.now(), seals: i === 0 };
    });
    for (const key of keys) key.fill(0);
  }

  /** Keeps the keys as the source says from now on. */
  start() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        this.#read();
        this.#failed = '';
      } catch (error) {
        this.#tell(error);
      }
      this.start();
    }, this.#source.wait).unref();
  }

  // What was read last stays.
  #tell({ code, message }) {
    if (message === this.#failed) return;
    this.#failed = message;
    process.emitWarning(message, { code });
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** {name, age, seals} of each key; names by their begin, ages in ms since this process has them. */
  list() {
    return this.#shown.map(({ name, since, seals }) => ({ name, age: Date.now() - since, seals }));
  }
}

module.exports = { TicketSource, check, isSource };
