// What sluice adds to Node's module dns: blocking look-ups, and the ones of the page.

import type { LookupOneOptions, LookupOptions } from 'dns';

declare module 'dns' {
  type LookupDone = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;

  /**
   * Resolves a name as the system does, and blocks meanwhile.
   * @param family `AF_INET` or 4, `AF_INET6` or 6, or options; any family by default
   * @returns the first address, or undefined if there is none
   */
  function lookup(hostname: string, family?: number | LookupOptions | null): string | undefined;

  /**
   * Resolves a name as the system does, on a thread of its own.
   * @param timeout ms after which the callback gets an error `ETIMEOUT`; never by default
   */
  function lookup(hostname: string, callback: LookupDone, timeout?: number): void;
  function lookup(
    hostname: string,
    family: number | LookupOneOptions | null | undefined,
    callback: LookupDone,
    timeout?: number,
  ): void;

  /** The first IPv4 address of a name, undefined if there is none; blocks. */
  function gethostbyname(hostname: string): { addr: string; domain: number } | undefined;

  /**
   * All addresses of a name, undefined if there is none; blocks.
   * @param domain `AF_INET` or `AF_INET6`; both by default
   */
  function getaddrinfo(
    hostname: string,
    domain?: number | LookupOptions,
  ): { addr: string; domain: number }[] | undefined;
}
