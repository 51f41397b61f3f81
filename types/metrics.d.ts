/** Metrics of the process and of the program, for Prometheus. docs/observe.md */
declare module 'metrics' {
  /** A value for each label of a metric. */
  type LabelValues = Record<string, string | number | boolean>;

  interface CounterSeries {
    /** Adds a number, 1 if none is given. @throws RangeError `ERR_OUT_OF_RANGE` below 0 */
    inc(by?: number): void;
  }
  interface GaugeSeries {
    set(value: number): void;
    inc(by?: number): void;
    dec(by?: number): void;
  }
  interface HistogramSeries {
    /** Counts a value. */
    observe(value: number): void;
  }
  /** A metric with labels. Its series may be kept. */
  interface Labelled<Series> {
    /** @throws TypeError `ERR_INVALID_ARG_VALUE`: a label is missing, or there is none of a name */
    with(values?: LabelValues): Series;
  }

  /**
   * Makes a counter; one of that name in another task is the same, and their sum is told.
   * @param name letters, digits, `_` and `:`, ending in `_total`; not beginning with `sluice_`
   * @param help what it counts
   * @param labels names; more than 1,000 series are counted as of the value `other`
   * @throws TypeError `ERR_INVALID_ARG_VALUE`, also if a metric of that name is of another type or
   * has other labels, or its samples would have the names of another one's
   */
  function counter(
    name: string,
    help: string,
    labels?: string[],
  ): CounterSeries & Labelled<CounterSeries>;
  /** Makes a gauge, a number of now. Those of several tasks are added up. */
  function gauge(
    name: string,
    help: string,
    labels?: string[],
  ): GaugeSeries & Labelled<GaugeSeries>;
  /** Makes a histogram. @param bounds upper ones, ascending; 5 ms to 10 s if not told */
  function histogram(
    name: string,
    help: string,
    labels?: string[],
    bounds?: number[],
  ): HistogramSeries & Labelled<HistogramSeries>;

  /** All metrics, of the runtime and of the program in all its tasks. */
  function text(): string;
  /** The Content-Type of text(). */
  const contentType: string;
  /**
   * Serves text() by HTTP until the process ends, from a thread that waits for no task.
   * @throws Error of listen(2), as `EADDRINUSE`
   */
  function serve(options?: {
    /** An IP address; 127.0.0.1 if not told. */
    host?: string;
    /** 9464 if not told; 0: the system chooses. */
    port?: number;
    /** `/metrics` if not told. */
    path?: string;
  }): { address: string; port: number };
}
