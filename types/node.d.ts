// Members of Node's modules that are newer than some versions of @types/node.

declare module 'fs' {
  /** A Blob whose bytes stay in a file, which must not change. */
  export function openAsBlobSync(
    path: import('fs').PathLike,
    options?: { type?: string },
  ): import('buffer').Blob;

  /** A new directory, which `using` removes with what is in it. */
  export function mkdtempDisposableSync(
    prefix: string,
    options?: { encoding?: BufferEncoding | null } | BufferEncoding | null,
  ): { path: string; remove(): void; [Symbol.dispose](): void };
}

declare module 'fs/promises' {
  /** A new directory, which `await using` removes with what is in it. */
  export function mkdtempDisposable(
    prefix: string,
    options?: { encoding?: BufferEncoding | null } | BufferEncoding | null,
  ): Promise<{ path: string; remove(): Promise<void>; [Symbol.asyncDispose](): Promise<void> }>;
}

declare module 'crypto' {
  type PublicInput =
    import('crypto').KeyLike | import('crypto').PublicKeyInput | import('crypto').JsonWebKeyInput;
  type PrivateInput =
    import('crypto').KeyLike | import('crypto').PrivateKeyInput | import('crypto').JsonWebKeyInput;
  type Bytes = string | ArrayBufferLike | NodeJS.ArrayBufferView;

  interface Argon2Settings {
    message: Bytes;
    /** At least 8 bytes. */
    nonce: Bytes;
    parallelism: number;
    /** The length of the result in bytes, at least 4. */
    tagLength: number;
    /** In KiB, at least 8 for each lane. */
    memory: number;
    passes: number;
    secret?: Bytes | undefined;
    associatedData?: Bytes | undefined;
  }

  /**
   * A key from a password by Argon2 (RFC 9106). It needs OpenSSL 3.2 or later; elsewhere it throws
   * ERR_CRYPTO_ARGON2_NOT_SUPPORTED.
   */
  export function argon2(
    algorithm: 'argon2d' | 'argon2i' | 'argon2id',
    parameters: Argon2Settings,
    callback: (error: Error | null, derivedKey: Buffer) => void,
  ): void;
  export function argon2Sync(
    algorithm: 'argon2d' | 'argon2i' | 'argon2id',
    parameters: Argon2Settings,
  ): Buffer;

  /**
   * A new secret, and what it takes to give it to who has the private key. RSA keys do it with any
   * OpenSSL, curves from 3.2 on, ML-KEM from 3.5 on.
   */
  export function encapsulate(key: PublicInput): {
    sharedKey: Buffer;
    ciphertext: Buffer;
  };
  export function encapsulate(
    key: PublicInput,
    callback: (error: Error | null, result: { sharedKey: Buffer; ciphertext: Buffer }) => void,
  ): void;
  /** The secret that encapsulate() made a ciphertext for. */
  export function decapsulate(key: PrivateInput, ciphertext: Bytes): Buffer;
  export function decapsulate(
    key: PrivateInput,
    ciphertext: Bytes,
    callback: (error: Error | null, sharedKey: Buffer) => void,
  ): void;

  /** What there is in a PKCS #12 archive: the first private key, its certificate, and all others. */
  export function parsePKCS12(
    bundle: ArrayBufferLike | NodeJS.ArrayBufferView,
    options?: { passphrase?: Bytes },
  ): {
    privateKey: import('crypto').KeyObject | null;
    certificate: import('crypto').X509Certificate | null;
    additionalCertificates: import('crypto').X509Certificate[];
  };

  /** A UUID of version 7: it begins with the time, so that later ones sort later. */
  export function randomUUIDv7(options?: { disableEntropyCache?: boolean }): string;
}

declare module 'buffer' {
  /** Whether all characters of a text are below 256. */
  export function isLatin1(input: string): boolean;
}

declare module 'util' {
  /** Whether all that b has is in a, and the same. */
  export function isPartialDeepStrictEqual(a: unknown, b: unknown): boolean;
  /** Sees to it that a promise that is rejected is no unhandled rejection. */
  export function markPromiseAsHandled(promise: Promise<unknown>): void;
  /** The exit code that a shell has for a program that a signal ended. */
  export function convertProcessSignalToExitCode(signal: NodeJS.Signals): number;
}

declare module 'net/promises' {
  import { promises } from 'net';
  export import connect = promises.connect;
  export import listen = promises.listen;
}

declare module 'http' {
  /** Has requests that name no agent, and fetch(), go by the proxies of an environment. Returns what undoes it. */
  export function setGlobalProxyFromEnv(proxyEnv?: NodeJS.Dict<string>): () => void;
  interface AgentOptions {
    /** Variables that name proxies: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
    proxyEnv?: NodeJS.Dict<string> | undefined;
  }
}

declare module 'worker_threads' {
  interface MessagePort {
    /** Sockets and servers of TCP move too. */
    postMessage(value: any, transferList?: readonly object[]): void;
  }
  interface Worker {
    /** Sockets and servers of TCP move too. */
    postMessage(value: any, transferList?: readonly object[]): void;
  }
}
