// The globals Task and ARGUMENT: threads with a loop, modules and a heap of their own.

/**
 * What tasks send each other: text, bytes, or an object that JSON can hold. Functions in it are
 * left out; a Buffer within it, Map, Set, RegExp and the like are refused (`ERR_TASK_MESSAGE`).
 */
type TaskMessage = string | Uint8Array | object;

/** What a task hears of. */
interface TaskEvents {
  /** A task sent something; bytes come as a Buffer, with their addition. */
  message: [message: any, from: number, addition: any];
  /** Nothing caught an error; one that a listener hears of does not end the task. */
  uncaughtException: [error: unknown, origin?: string];
  /** Nothing handled a rejection; one that a listener hears of does not end the task. */
  unhandledRejection: [reason: unknown, promise: Promise<unknown>];
}

/** How urgent a task is: a word, or a nice value from -20 to 19. */
type TaskUrgency = 'low' | 'normal' | 'high' | number;

/** Kinds of things that User Mode allows or denies; docs/permissions.md has what rules they take. */
type PermissionScope =
  | 'listen'
  | 'connect'
  | 'fs.read'
  | 'fs.write'
  | 'env'
  | 'run'
  | 'task'
  | 'signal'
  | 'dns'
  | 'capture'
  | 'control'
  | 'inspect';

/** Rules by their scopes: true for all of one. */
type PermissionRules = { [scope in PermissionScope]?: boolean | readonly string[] };

/** What a task may do: what is not there is not allowed. Never more than who starts it. */
interface TaskPermission extends PermissionRules {
  /** What is denied, whatever allows it. */
  deny?: PermissionRules | undefined;
  quota?:
    | {
        /** Connections and listeners that are open. */
        connections?: number | undefined;
        /** Those, files and UDP sockets. */
        fds?: number | undefined;
        /** Bytes of its heap. */
        heap?: number | undefined;
        /** Bytes of its connections that wait to be written. */
        writeQueue?: number | undefined;
        /** Share of a processor, from 0 to 1. */
        cpu?: number | undefined;
      }
    | undefined;
}

interface TaskOptions {
  /** Where file begins, itself from the directory of the main program. */
  directory?: string | undefined;
  /** Without it, what this task may do. */
  permission?: TaskPermission | undefined;
}

/** A task: one thread with its own loop and modules. */
declare class Task {
  /**
   * Starts a task at once.
   * @param file its program, from the directory of the main program; `.js` may be left out
   * @param argument what it finds in ARGUMENT
   * @throws Error `MODULE_NOT_FOUND`; `ERR_ACCESS_DENIED`: it shall have more than this task; of the system call `spawn`: no thread more
   */
  constructor(file: string, argument?: TaskMessage, options?: TaskOptions);
  /** new Task(). */
  static create(file: string, argument?: TaskMessage, options?: TaskOptions): Task;

  // ---- This task

  /** The id of this task; 1 is the main one. */
  static me(): number;
  /** Whether this is the main task. */
  static isMain(): boolean;
  /** The id of the task that started this one, 0 in the main task. */
  static parent(): number;
  /** The ids of all tasks. */
  static list(exceptMe?: boolean): number[];
  /** How many tasks there are. */
  static count(): number;
  /** How many bytes of this task's connections may wait to be written; 0, no limit, at first. */
  static writeLimit: number;
  /** The same of all tasks of the process; a quarter of the memory at first. */
  static processWriteLimit: number;
  /** Lets other threads run. */
  static yield(): void;
  /** Whether this task was asked to end. */
  static testCancel(): boolean;
  /** @throws Error of the system call `setpriority`: more than normal needs a privilege */
  static priority(priority: TaskUrgency): void;
  /** Runs callback(...args) after the current operation, before promise jobs. */
  static nextTick<A extends unknown[]>(callback: (...args: A) => void, ...args: A): void;
  /** Ends this task; the main one is the process. */
  static exit(code?: number): never;
  /** Runs callback(...args) when the task ends by itself; what was added last runs first. */
  static cleanup<A extends unknown[]>(callback: (...args: A) => void, ...args: A): void;

  // ---- Messages

  /**
   * Sends a copy of a message to a task.
   * @returns false if there is no such task, or its queue is full
   */
  static send(id: number, message: string | object): boolean;
  /**
   * @param offset where the message begins in the bytes
   * @param length how many bytes
   * @param addition goes with them, as JSON
   */
  static send(
    id: number,
    message: Uint8Array,
    offset?: number,
    length?: number,
    addition?: object | null,
  ): boolean;
  /**
   * Waits for a message; the loop does not turn meanwhile.
   * @param from is told the sender, and the addition of bytes
   * @param timeout ms; for ever by default
   * @returns undefined after timeout, or when this task is asked to end
   */
  static recv(from?: { id?: number; addition?: unknown } | null, timeout?: number | null): any;
  /** Drops the messages that wait for this task. */
  static flush(): void;
  /** The bytes that wait in a task's queue, two for each character; 0 if there is no such task. */
  static getCurrentSize(id: number): number;
  /** How many bytes a task's queue takes; 0 if there is no such task. */
  static getBufferSize(id: number): number;
  static setBufferSize(id: number, size: number): void;
  /** A descriptor that is readable while messages wait; for iosched alone. */
  static fd(): number;

  // ---- Events

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

  // ---- A task that this one started

  /** Its id; 0 after detach(). */
  id(): number;
  /** Whether it has not ended; false after detach(). */
  isAlive(): boolean;
  /**
   * Asks it to end: it sees that by Task.testCancel(), and its Task.recv() returns.
   * @param callback runs once it has ended
   * @returns whether it was alive
   */
  cancel(callback?: (id: number, code: number) => void): boolean;
  /** Task.send() to it. */
  send(message: string | object): boolean;
  send(message: Uint8Array, offset?: number, length?: number, addition?: object | null): boolean;
  /** As Task.priority(), for it. */
  priority(priority: TaskUrgency): void;
  /** Gives it up: it no longer keeps this task alive, and this object is of no more use. */
  detach(): void;
  /** Task.cleanup(). */
  cleanup<A extends unknown[]>(callback: (...args: A) => void, ...args: A): void;
}

/** What `new Task()` handed to this task; undefined in the main one and in subs of servers. */
declare const ARGUMENT: any;
