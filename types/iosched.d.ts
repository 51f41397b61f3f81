// The module iosched: turns of the event loop by hand.

declare module 'iosched' {
  /** Descriptors by what they are waited for: to read, to write, for exceptional conditions. */
  type Descriptors = [read: number[], write: number[], except: number[]];

  /** What event() makes; `T` is the type of its argument. */
  interface IoEvent<T = unknown> {
    readonly method: number;
    readonly fd: number;
    readonly callback: IoCallback<T>;
    readonly errback: ((arg: T, event: IoEvent<T>) => void) | undefined;
    readonly arg: T;
  }

  /** Strictly `false` removes the event, and has its errback called. */
  type IoCallback<T> = (arg: T, event: IoEvent<T>) => unknown;

  const READ: 0;
  const WRITE: 1;
  const EXCEPT: 2;
  /** As `READ`: a listening descriptor has a connection to accept. */
  const ACCEPT: 0;
  /** As `WRITE`: a connection was established, or failed. */
  const CONNECT: 1;

  /**
   * Runs one turn of the loop: waits until something is due, runs its callbacks, ticks and promise
   * jobs, and returns; it may also return without any. It may be called within a callback. What a
   * callback throws goes to the listeners of `uncaughtException`, or is thrown here where there are
   * none. A program that has called it ends with its last statement.
   * @param timeout ms to wait at most; for ever by default and where it is negative
   * @returns three empty lists
   * @throws TypeError `ERR_INVALID_ARG_TYPE`
   */
  function poll(timeout?: number | null): Descriptors;

  /**
   * poll() that waits for further descriptors too.
   * @param fds [[read], [write], [except]], each optional
   * @param timeout ms
   * @returns which of them are ready
   * @throws Error of the system call `select`: a descriptor is not open, or cannot be waited for
   */
  function select(
    fds: (number[] | null | undefined)[] | null | undefined,
    timeout?: number | null,
  ): Descriptors;
  function select(timeout?: number): Descriptors;

  /**
   * Polls until `check.quit` is true, or check() returns strictly `true`; without check, for ever.
   * @param timeout ms between two looks at check where nothing happens; none by default
   */
  function forever(
    check?: { quit?: unknown } | (() => unknown) | null,
    timeout?: number | null,
  ): void;

  /** The descriptors of registered events, merged with the given ones. */
  function fds(user?: (number[] | null | undefined)[] | null): Descriptors;

  /**
   * An event of a descriptor, for add() or once().
   * @param method `READ` (or `ACCEPT`), `WRITE` (or `CONNECT`), `EXCEPT`
   * @param fd an open descriptor; it stays the program's
   * @param callback is called when it is ready
   * @param errback is called after callback has returned `false`
   * @param arg is handed to both
   */
  function event<T = undefined>(
    method: number,
    fd: number,
    callback: IoCallback<T>,
    errback?: ((arg: T, event: IoEvent<T>) => void) | null,
    arg?: T,
  ): IoEvent<T>;

  /**
   * Registers an event: its callback runs whenever the descriptor is ready, until remove().
   * @returns false if it is registered already
   * @throws Error of the system call `watch`: the descriptor cannot be waited for
   */
  function add(event: IoEvent<any>): boolean;

  /** Registers an event for one call of its callback; otherwise as add(). */
  function once(event: IoEvent<any>): boolean;

  /** Removes an event, or all. @returns whether it was registered */
  function remove(event?: IoEvent<any>): boolean;

  /** Whether an event is registered. */
  function listening(event: IoEvent<any>): boolean;
}
