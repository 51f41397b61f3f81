'use strict';
// Settings of a connection (RFC 9113, section 6.5): objects, numbers, and bytes of them.
const { codes } = require('internal/errors/codes');
const { validateInteger, validateObject } = require('internal/errors/validators');

// Name, number, least, most, default; in the order in which Node shows them.
const SETTINGS = [
  ['headerTableSize', 1, 0, 2 ** 32 - 1, 4096],
  ['enablePush', 2, 0, 1, true],
  ['initialWindowSize', 4, 0, 2 ** 31 - 1, 65535],
  ['maxFrameSize', 5, 16384, 2 ** 24 - 1, 16384],
  ['maxConcurrentStreams', 3, 0, 2 ** 32 - 1, 2 ** 32 - 1],
  ['maxHeaderListSize', 6, 0, 2 ** 32 - 1, 65535],
  ['enableConnectProtocol', 8, 0, 1, false],
];
const BY_NUMBER = new Map(SETTINGS.map((one) => [one[1], one]));
// The order of the engine's lists (src/bind/http2/http2.cc).
const NUMBERS = [1, 2, 3, 4, 5, 6, 8];
const BYTES = 6; // of one in a frame
const MOST_CUSTOM = 10;

/** A setting's value as programs see it. */
const shown = (number, value) => (number === 2 || number === 8 ? value !== 0 : value);

function objectOf(read) {
  const settings = { __proto__: null };
  for (const [name, number] of SETTINGS) settings[name] = read(number);
  settings.maxHeaderSize = settings.maxHeaderListSize;
  return settings;
}

/** What the engine tells of a side. @param {number[]} list @param {object} [custom] of other numbers */
function settingsOf(list, custom) {
  const settings = objectOf((number) => shown(number, list[NUMBERS.indexOf(number)]));
  if (custom !== undefined) settings.customSettings = { ...custom };
  return settings;
}

/** What a peer sets that has no name here, of the numbers that a program asked for. */
class CustomSettings {
  #wanted;
  /** By number; undefined as long as there are none. */
  values = undefined;

  /** @param {number[]} [wanted] @throws ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS */
  constructor(wanted = []) {
    const name = 'options.remoteCustomSettings';
    if (!Array.isArray(wanted)) throw new codes.ERR_INVALID_ARG_TYPE(name, 'Array', wanted);
    if (wanted.length > MOST_CUSTOM) throw new codes.ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS();
    for (const number of wanted) validateInteger(number, name, 0, 0xffff);
    this.#wanted = new Set(wanted);
  }

  /** Takes what arrived. @param {string} text "number value …" */
  take(text) {
    for (const [, number, value] of text.matchAll(/(\d+) (\d+)/g))
      if (this.#wanted.has(Number(number))) (this.values ??= {})[number] = Number(value);
  }
}

function getDefaultSettings() {
  return objectOf((number) => BY_NUMBER.get(number)[4]);
}

/** @throws ERR_HTTP2_INVALID_SETTING_VALUE */
function validateSettings(settings) {
  if (settings === undefined) return;
  validateObject(settings, 'settings');
  for (const [name, number, least, most] of SETTINGS) {
    for (const key of number === 6 ? [name, 'maxHeaderSize'] : [name]) {
      const value = settings[key];
      if (value === undefined) continue;
      const fits = most === 1 ? typeof value === 'boolean' : value >= least && value <= most;
      if (!fits) throw invalid(key, value, most === 1);
    }
  }
  const { customSettings } = settings;
  if (customSettings === undefined) return;
  validateObject(customSettings, 'settings.customSettings');
  const entries = Object.entries(customSettings);
  if (entries.length > MOST_CUSTOM) throw new codes.ERR_HTTP2_ERROR('Too many custom settings');
  for (const [number, value] of entries) {
    if (!(number >= 0 && number <= 0xffff)) throw invalid('customSettings:id', number, false);
    if (!(value >= 0 && value < 2 ** 32)) throw invalid('customSettings:value', value, false);
  }
}

function invalid(name, value, isBoolean) {
  const error = new codes.ERR_HTTP2_INVALID_SETTING_VALUE(name, value);
  if (!isBoolean) return error;
  return Object.assign(new TypeError(error.message), { code: error.code });
}

/** Number, value, number, value… of what an object sets. */
function numbersOf(settings = {}) {
  const list = [];
  for (const [name, number] of SETTINGS) {
    const value = settings[name] ?? (number === 6 ? settings.maxHeaderSize : undefined);
    if (value !== undefined) list.push(number, Number(value));
  }
  for (const [number, value] of Object.entries(settings.customSettings ?? {}))
    list.push(Number(number), value);
  return list;
}

/** The bytes of settings, for HTTP2-Settings. @returns {Buffer} */
function getPackedSettings(settings = {}) {
  validateSettings(settings);
  const list = numbersOf(settings);
  const pairs = [];
  for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
  pairs.sort((a, b) => a[0] - b[0]);
  const bytes = Buffer.alloc(pairs.length * BYTES);
  pairs.forEach(([number, value], i) => {
    bytes.writeUInt16BE(number, i * BYTES);
    bytes.writeUInt32BE(value, i * BYTES + 2);
  });
  return bytes;
}

/** @param {Uint8Array} bytes @param {{ validate?: boolean }} [options] */
function getUnpackedSettings(bytes, options = {}) {
  if (!ArrayBuffer.isView(bytes) || bytes.length === undefined)
    throw new codes.ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray'], bytes);
  if (bytes.length % BYTES !== 0) throw new codes.ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH();
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const settings = {};
  for (let at = 0; at < view.length; at += BYTES) {
    const number = view.readUInt16BE(at);
    const value = view.readUInt32BE(at + 2);
    const known = BY_NUMBER.get(number);
    if (known) settings[known[0]] = shown(number, value);
    else (settings.customSettings ??= {})[number] = value;
    if (number === 6) settings.maxHeaderSize = value;
  }
  if (options?.validate) validateSettings(settings);
  return settings;
}

module.exports = {
  CustomSettings,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  numbersOf,
  settingsOf,
  validateSettings,
};
