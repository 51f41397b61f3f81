// The classes of the global `crypto`, which @types/node declares as types only, and what Node has
// in its module without declaring it.

declare global {
  var Crypto: { prototype: import('crypto').webcrypto.Crypto };
  var CryptoKey: { prototype: import('crypto').webcrypto.CryptoKey };
  var SubtleCrypto: { prototype: import('crypto').webcrypto.SubtleCrypto };
}

export {};
