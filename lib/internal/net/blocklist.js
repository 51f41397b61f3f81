'use strict';
// net.BlockList as Node documents it. Addresses are compared as numbers of 128 bits, IPv4 as
// IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2), so that a mapped peer meets an IPv4 rule.
const { markOpaque } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');
const { validateString, validateInt32, validateArray } = require('internal/errors/validators');
const { SocketAddress, familyOf } = require('internal/net/socketaddress');

const MAPPED = 0xffff00000000n;

function v4(text) {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function v6(text) {
  text = text.split('%')[0];
  const dotted = text.match(/^(.*:)(\d+\.\d+\.\d+\.\d+)$/);
  if (dotted) {
    const number = v4(dotted[2]);
    text = `${dotted[1]}${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  }
  const [head, tail] = text.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const middle = tail === undefined ? [] : Array(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].reduce(
    (sum, part) => (sum << 16n) | BigInt(`0x${part}`),
    0n,
  );
}

function numberOf(address) {
  return address.family === 'ipv4' ? MAPPED | v4(address.address) : v6(address.address);
}

function addressOf(value, family, name) {
  if (SocketAddress.isSocketAddress(value)) return value;
  if (typeof value !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'SocketAddress'], value);
  validateString(family, 'family');
  return new SocketAddress({ address: value, family: familyOf(family, 'family') });
}

const label = ({ family }) => (family === 'ipv4' ? 'IPv4' : 'IPv6');

// ---- Rules: the first and the last address as numbers, and the text that `rules` has

function addressRule(one) {
  const number = numberOf(one);
  return { first: number, last: number, text: `Address: ${label(one)} ${one.address}` };
}

function rangeRule(start, end, family) {
  const first = addressOf(start, family, 'start');
  const last = addressOf(end, family, 'end');
  if (numberOf(first) > numberOf(last))
    throw new codes.ERR_INVALID_ARG_VALUE('start', start, `must come before ${end}`);
  const text = `Range: ${label(first)} ${first.address}-${last.address}`;
  return { first: numberOf(first), last: numberOf(last), text };
}

function subnetRule(network, prefix, family) {
  const net = addressOf(network, family, 'network');
  const width = net.family === 'ipv4' ? 32 : 128;
  validateInt32(prefix, 'prefix', 0, width);
  const rest = BigInt(width - prefix);
  const first = (numberOf(net) >> rest) << rest;
  const text = `Subnet: ${label(net)} ${net.address}/${prefix}`;
  return { first, last: first | ((1n << rest) - 1n), text };
}

/** The network and the prefix of a text like 10.0.0.0/8, as addSubnet() takes them. */
function subnetOf(cidr) {
  validateString(cidr, 'cidr');
  const slash = cidr.indexOf('/');
  if (slash < 0)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'cidr',
      cidr,
      'must contain a prefix length (e.g. "10.0.0.0/8")',
    );
  const [network, prefix] = [cidr.slice(0, slash), cidr.slice(slash + 1)];
  if (!/^\d+$/.test(prefix))
    throw new codes.ERR_INVALID_ARG_VALUE('cidr', cidr, 'prefix length must be a valid integer');
  return [network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4'];
}

/** Ranges that hold what the given ones hold, in order and apart from one another. */
function merge(ranges) {
  const merged = [];
  for (const { first, last } of ranges.sort((a, b) => (a.first < b.first ? -1 : 1))) {
    const before = merged.at(-1);
    if (before === undefined || first > before.last) merged.push({ first, last });
    else if (last > before.last) before.last = last;
  }
  return merged;
}

/** Whether one of such ranges holds the number. */
function holds(merged, number) {
  let from = 0;
  let to = merged.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (number < merged[middle].first) to = middle;
    else if (number > merged[middle].last) from = middle + 1;
    else return true;
  }
  return false;
}

const FEW = 64; // rules that are looked through

/** Rules that name addresses: single ones, ranges, subnets. */
class BlockList {
  static {
    markOpaque(this);
  }
  /** Networks that are not reached over the Internet. */
  static PRIVATE_RANGES = Object.freeze([
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '127.0.0.0/8',
    '::1/128',
    '169.254.0.0/16',
    'fe80::/10',
    'fc00::/7',
  ]);
  #ranges = []; // {first, last, text}, oldest first
  #addresses = new Set(); // the texts of those that are one address: each is there once
  #merged = []; // of the first ones of them; a list may have as many as there are connections
  #done = 0; // how many those are

  static isBlockList(value) {
    return value !== null && typeof value === 'object' && #ranges in value;
  }

  get size() {
    return this.#ranges.length;
  }

  #add(rule) {
    this.#ranges.push(rule);
  }

  /** Removes the newest rule like this one, if there is one. */
  #remove({ text }) {
    const index = this.#ranges.findLastIndex((one) => one.text === text);
    if (index < 0) return;
    this.#ranges.splice(index, 1);
    this.#addresses.delete(text);
    this.#unmerge();
  }

  #unmerge() {
    this.#merged = [];
    this.#done = 0;
  }

  clear() {
    this.#ranges = [];
    this.#addresses.clear();
    this.#unmerge();
  }

  addAddress(address, family = 'ipv4') {
    const rule = addressRule(addressOf(address, family, 'address'));
    if (this.#addresses.has(rule.text)) return;
    this.#addresses.add(rule.text);
    this.#add(rule);
  }

  /** Adds all of them, or none. */
  addAddresses(addresses, family = 'ipv4') {
    validateArray(addresses, 'addresses');
    const all = addresses.map((one, index) => {
      if (!SocketAddress.isSocketAddress(one)) validateString(one, `addresses[${index}]`);
      return addressOf(one, family, 'address');
    });
    for (const one of all) this.addAddress(one);
  }

  removeAddress(address, family = 'ipv4') {
    this.#remove(addressRule(addressOf(address, family, 'address')));
  }

  addRange(start, end, family = 'ipv4') {
    this.#add(rangeRule(start, end, family));
  }

  removeRange(start, end, family = 'ipv4') {
    this.#remove(rangeRule(start, end, family));
  }

  addSubnet(network, prefix, family = 'ipv4') {
    this.#add(subnetRule(network, prefix, family));
  }

  removeSubnet(network, prefix, family = 'ipv4') {
    this.#remove(subnetRule(network, prefix, family));
  }

  /** @param {string} cidr  as 10.0.0.0/8 */
  addCIDR(cidr) {
    this.addSubnet(...subnetOf(cidr));
  }

  /** Adds all of them, or none. @param {string[]} cidrs */
  addCIDRs(cidrs) {
    validateArray(cidrs, 'cidrs');
    for (const rule of cidrs.map((one) => subnetRule(...subnetOf(one)))) this.#add(rule);
  }

  /** @param {string} cidr */
  removeCIDR(cidr) {
    this.removeSubnet(...subnetOf(cidr));
  }

  /** Whether a rule names the address. */
  check(address, family = 'ipv4') {
    let one;
    if (SocketAddress.isSocketAddress(address)) one = address;
    else {
      if (typeof address !== 'string')
        throw new codes.ERR_INVALID_ARG_TYPE('address', ['string', 'SocketAddress'], address);
      validateString(family, 'family');
      try {
        one = new SocketAddress({ address, family: familyOf(family, 'family') });
      } catch (error) {
        if (error.code === 'ERR_INVALID_ADDRESS') return false;
        throw error;
      }
    }
    return this.#has(numberOf(one));
  }

  #has(number) {
    const ranges = this.#ranges;
    if (ranges.length - this.#done > FEW + this.#merged.length / 16) {
      this.#merged = merge([...this.#merged, ...ranges.slice(this.#done)]);
      this.#done = ranges.length;
    }
    if (holds(this.#merged, number)) return true;
    for (let i = this.#done; i < ranges.length; i++)
      if (number >= ranges[i].first && number <= ranges[i].last) return true;
    return false;
  }

  /** The newest first. */
  get rules() {
    return this.#ranges.map((range) => range.text).reverse();
  }

  toJSON() {
    return this.rules;
  }

  /** Adds rules in the form that `rules` gives. */
  fromJSON(data) {
    if (typeof data === 'string') data = JSON.parse(data);
    validateArray(data, 'data');
    for (const text of data) {
      validateString(text, 'data');
      const match = /^(Address|Range|Subnet): (IPv4|IPv6) (\S+)$/.exec(text);
      if (!match) throw new codes.ERR_INVALID_ARG_VALUE('data', text, 'must be a rule');
      const family = match[2].toLowerCase();
      if (match[1] === 'Address') this.addAddress(match[3], family);
      else if (match[1] === 'Range') this.addRange(...match[3].split('-'), family);
      else {
        const [network, prefix] = match[3].split('/');
        this.addSubnet(network, Number(prefix), family);
      }
    }
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return this;
    return `BlockList ${inspect({ rules: this.rules }, options)}`;
  }
}

module.exports = { BlockList };
