// The class of the global `crypto`, which @types/node declares as a type only.

declare global {
  var Crypto: { prototype: import('crypto').webcrypto.Crypto };
}

export {};
