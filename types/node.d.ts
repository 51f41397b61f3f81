// Members of Node's modules that are newer than some versions of @types/node.

declare module 'fs' {
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
  /** A UUID of version 7: it begins with the time, so that later ones sort later. */
  export function randomUUIDv7(options?: { disableEntropyCache?: boolean }): string;
}

declare module 'util' {
  /** The exit code that a shell has for a program that a signal ended. */
  export function convertProcessSignalToExitCode(signal: NodeJS.Signals): number;
}
