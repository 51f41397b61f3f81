// The globals Task and ARGUMENT: threads with a loop, modules and a heap of their own.

/** What a task hears of. */
interface TaskEvents {
  /** Nothing caught an error; one that a listener hears of does not end the task. */
  uncaughtException: [error: unknown, origin?: string];
  /** Nothing handled a rejection; one that a listener hears of does not end the task. */
  unhandledRejection: [reason: unknown, promise: Promise<unknown>];
}

/** A task: one thread with its own loop and modules. */
declare class Task {
  /**
   * Starts a task at once.
   * @param file its program
   * @param argument what it finds in ARGUMENT
   * @throws Error `ERR_TASK_UNAVAILABLE`
   */
  constructor(file: string, argument?: unknown, options?: { directory?: string | undefined });

  /** The id of this task; 1 is the main one. */
  static me(): number;
  /** Whether this is the main task. */
  static isMain(): boolean;
  /** The id of the task that started this one, 0 in the main task. */
  static parent(): number;
  /** The ids of all tasks. */
  static list(): number[];
  /** How many tasks there are. */
  static count(): number;
  /** Whether this task was asked to end. */
  static testCancel(): boolean;
  /** Runs callback(...args) after the current operation, before promise jobs. */
  static nextTick<A extends unknown[]>(callback: (...args: A) => void, ...args: A): void;
  /** Ends this task; the main one is the process. */
  static exit(code?: number): never;
  /** Runs callback when the task ends by itself. */
  static cleanup(callback: () => void): void;
  /** @throws Error `ERR_TASK_UNAVAILABLE` */
  static send(id: number, message: unknown): boolean;
  /** @throws Error `ERR_TASK_UNAVAILABLE` */
  static recv(from?: object, timeout?: number): unknown;

  static on<E extends keyof TaskEvents>(
    event: E,
    listener: (...args: TaskEvents[E]) => void,
  ): typeof Task;
  static addListener<E extends keyof TaskEvents>(
    event: E,
    listener: (...args: TaskEvents[E]) => void,
  ): typeof Task;
  static once<E extends keyof TaskEvents>(
    event: E,
    listener: (...args: TaskEvents[E]) => void,
  ): typeof Task;
  static off<E extends keyof TaskEvents>(
    event: E,
    listener: (...args: TaskEvents[E]) => void,
  ): typeof Task;
  static removeListener<E extends keyof TaskEvents>(
    event: E,
    listener: (...args: TaskEvents[E]) => void,
  ): typeof Task;
  /** Calls the listeners of an event. @returns whether there are any */
  static emit(event: string, ...args: unknown[]): boolean;
}

/** What `new Task()` handed to this task; undefined in the main one. */
declare const ARGUMENT: any;
