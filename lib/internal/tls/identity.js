'use strict';
// Whether a certificate is that of a host (RFC 9525, with Node's messages), and certificates as
// objects.
const native = binding('tls');
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');

const buffer = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The certificate of DER bytes as getPeerCertificate() has it; undefined if it is none. */
function parseCertificate(der) {
  const found = native.parseCertificate(der);
  if (found === undefined) return undefined;
  found.raw = buffer(found.raw);
  if (found.pubkey !== undefined) found.pubkey = buffer(found.pubkey);
  return found;
}

/** Certificates of a chain, leaf first, each with its issuer; a root is its own. */
function linkChain(list) {
  const all = list.map(parseCertificate).filter((one) => one !== undefined);
  if (all.length === 0) return undefined;
  const names = new Map(
    all.map((one) => [one, [JSON.stringify(one.issuer), JSON.stringify(one.subject)]]),
  );
  linkIssuers(
    all,
    (one, other) => names.get(one)[0] === names.get(other)[1],
    (one, issuer) => (one.issuerCertificate = issuer),
  );
  return all[0];
}

/**
 * Links the first of all to its issuer, that to its own, and so on to a root, which is its own.
 * Certificates that issued each other make no endless chain: it ends before one comes again.
 * @param {object[]} all @param {(one, other) => boolean} issued whether other is the issuer of one
 * @param {(one, issuer) => void} link
 */
function linkIssuers(all, issued, link) {
  const left = new Set(all);
  for (let one = all[0]; one !== undefined;) {
    left.delete(one);
    const current = one;
    if (issued(current, current)) {
      link(current, current);
      return;
    }
    one = [...left].find((other) => issued(current, other));
    if (one !== undefined) link(current, one);
  }
}

// ---- Names

const isIP = (text) => require('net').isIP(text);
const lowered = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const labelsOf = (name) => lowered(name.endsWith('.') ? name.slice(0, -1) : name).split('.');

// A name of a certificate, which may begin with a wildcard, against the labels of a host.
function matches(host, pattern, wildcards) {
  if (!pattern) return false;
  const labels = labelsOf(pattern);
  if (host.length !== labels.length) return false;
  if (labels.includes('')) return false;
  // Only printable ASCII: anything else can be told apart by nobody.
  if (labels.some((label) => /[^\u0021-\u007F]/.test(label))) return false;
  for (let i = host.length - 1; i > 0; i--) if (host[i] !== labels[i]) return false;
  const [first] = labels;
  const parts = first.split('*');
  if (parts.length === 1 || first.includes('xn--')) return host[0] === first;
  if (!wildcards || parts.length > 2 || labels.length <= 2) return false;
  const [before, after] = parts;
  return (
    before.length + after.length <= host[0].length &&
    host[0].startsWith(before) &&
    host[0].endsWith(after)
  );
}

// "DNS:a, IP Address:b"; a value with special characters is a JSON string.
function splitNames(text) {
  if (!text.includes('"')) return text.split(', ');
  const result = [];
  let current = '';
  let offset = 0;
  // The next ones, each looked for once; -1 for none.
  let comma = -2;
  let quote = -2;
  const next = (found, what) =>
    found !== -1 && found < offset ? text.indexOf(what, offset) : found;
  while (offset < text.length) {
    comma = next(comma, ', ');
    quote = next(quote, '"');
    if (quote !== -1 && (comma === -1 || quote < comma)) {
      const [literal] =
        /^"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/.exec(text.slice(quote)) ??
        [];
      if (literal === undefined) throw new codes.ERR_TLS_CERT_ALTNAME_FORMAT();
      current += text.slice(offset, quote) + JSON.parse(literal);
      offset = quote + literal.length;
    } else if (comma !== -1) {
      result.push(current + text.slice(offset, comma));
      current = '';
      offset = comma + 2;
    } else {
      current += text.slice(offset);
      offset = text.length;
    }
  }
  result.push(current);
  return result;
}

// A range or anything else that is no address matches nothing.
const canonicalIp = (address) => binding('net').canonicalIp(address);

/**
 * Whether cert is of hostname.
 * @param {string} hostname a name or an IP address
 * @param {object} cert as of getPeerCertificate()
 * @returns {Error|undefined} ERR_TLS_CERT_ALTNAME_INVALID with reason, host and cert
 */
function checkServerIdentity(hostname, cert) {
  const { subject, subjectaltname } = cert;
  const host = `${hostname}`;
  const dns = [];
  const ips = [];
  for (const name of subjectaltname ? splitNames(subjectaltname) : []) {
    if (name.startsWith('DNS:')) dns.push(name.slice(4));
    else if (name.startsWith('IP Address:')) ips.push(canonicalIp(name.slice(11)));
  }
  const reason = mismatch(host, dns, ips, subject, subjectaltname);
  if (reason === undefined) return undefined;
  const error = new codes.ERR_TLS_CERT_ALTNAME_INVALID(reason);
  return Object.assign(error, { reason, host: hostname, cert });
}

function mismatch(host, dns, ips, subject, names) {
  const plain = host.endsWith('.') ? host.slice(0, -1) : host;
  if (isIP(plain) !== 0)
    return ips.includes(canonicalIp(plain.replace(/%.*/, ''))) // a zone is not the peer's
      ? undefined
      : `IP: ${plain} is not in the cert's list: ${ips.join(', ')}`;
  const labels = labelsOf(host);
  if (dns.length > 0)
    return dns.some((name) => matches(labels, name, true))
      ? undefined
      : `Host: ${plain}. is not in the cert's altnames: ${names}`;
  const common = subject?.CN;
  if (ips.length > 0 || !common) return 'Cert does not contain a DNS name';
  const found = Array.isArray(common)
    ? common.some((name) => matches(labels, name, true))
    : matches(labels, common, true);
  return found ? undefined : `Host: ${plain}. is not cert's CN: ${common}`;
}

module.exports = { checkServerIdentity, parseCertificate, linkChain, linkIssuers, buffer };
