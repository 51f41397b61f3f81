/** Claims and wishes of a program that `sluice sim` runs; elsewhere they do nothing. docs/simulate.md */
declare module 'sim' {
  interface Again {
    /** Milliseconds until it starts again; it does not if this is left out. */
    restartAfter?: number;
  }
  interface Host {
    readonly name: string;
    /** The machine loses its power: its peers hear nothing of it. */
    crash(options?: Again): void;
    /** The program's process is killed: its system closes what it had open. */
    kill(options?: Again): void;
  }
  interface Link {
    /** Loses whatever is sent; with `oneWay` only from the first host to the second. */
    cut(options?: { oneWay?: boolean }): void;
    /** Is whole again, both ways. */
    heal(): void;
    /** Latency in milliseconds one way, bandwidth in bytes a second (0: no limit), loss as a share. */
    set(options: { latency?: number; bandwidth?: number; loss?: number }): void;
  }
  interface Program {
    /** Its file, from the folder of the scenario on. */
    program: string;
    args?: string[];
    env?: Record<string, string>;
    /** Whether faults may end it (true); it starts again then. */
    restart?: boolean;
    /** Whether it is a failure if it has not ended when the simulation does (false). */
    mustEnd?: boolean;
  }
  /** What a scenario exports; a member that it does not know is `ERR_UNKNOWN_OPTION`. */
  interface Scenario {
    /** By the names of the hosts. */
    hosts: Record<string, string | Program>;
    /** By the names of two hosts with a `-` between them. */
    links?: Record<string, { latency?: number; bandwidth?: number; loss?: number }>;
    /** Further names of hosts; one name may be of several. */
    names?: Record<string, string | string[]>;
    run?(sim: typeof import('sim')): unknown;
  }
  /** Whether a simulation runs the program. */
  const active: boolean;
  /** The seed; undefined outside of a simulation. */
  const seed: bigint | undefined;
  /** Claims that a condition holds whenever this is reached: the simulation fails where it does not. */
  function always(condition: unknown, name: string): void;
  /** Claims that a condition holds once at least, with some seed of a range. */
  function sometimes(condition: unknown, name: string): void;
  /** Claims that some seed of a range comes here. */
  function reachable(name: string): void;
  /** Ends the faults, and waits for that many milliseconds. */
  function quiet(ms?: number): Promise<void>;
  /** How much of each fault there is now, by its name; those that are not at all are left out. */
  function faults(): Record<string, number>;
  /** How many descriptors the program has open; undefined outside of a simulation. */
  function descriptors(): number | undefined;
  /**
   * A host by its name; the program's own without one.
   * @throws TypeError `ERR_INVALID_ARG_VALUE` by what is called on it, if there is no such host
   */
  function host(name?: string): Host;
  /** The link between two hosts. */
  function link(a: string, b: string): Link;
}
