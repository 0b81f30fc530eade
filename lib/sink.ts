/**
 * Where the results of a job go. `write` gets batches in order, one at a time: the job awaits what it returns before it
 * pulls anything more from its sources, which is how a slow sink holds back the whole pipeline.
 */
export interface Sink<T> {
  readonly name: string
  /**
   * What it has to have for itself, such as the full path of a file: the job is refused when another sink of this process writes to
   * the same at the time.
   */
  readonly writesTo?: string
  /** The job begins, before there are results: after `recover`, and before the first `write`. */
  open?(): void | Promise<void>
  /** Takes a batch. The array is the sink's to keep. */
  write(values: readonly T[]): void | Promise<void>
  /** The input has ended, all results were written. The last checkpoint is taken after that; a run after it does not call this again. */
  end?(): void | Promise<void>
  /**
   * The job stops without an end, by `stop()`, an abort or an error. Free what is held; do not write. A sink with `prepare` is
   * closed at last after an end too.
   *
   * @param reason the error, if the job has failed
   */
  close?(reason?: unknown): void | Promise<void>
  /**
   * A checkpoint is taken: makes durable what has been written, and says where it stands, in plain data. What has been written behind
   * that is undone by `recover`, if the sink can do that: so every result counts once. A sink that can't waits here until what it was
   * given is out of the process's hands: so every result counts at least once.
   */
  prepare?(epoch: number): unknown
  /** The checkpoint has been taken: publishes what was prepared. Called once more on recovery, for a job that may have failed in between. */
  commit?(epoch: number, receipt: unknown): void | Promise<void>
  /**
   * Called before anything else in a job with checkpoints, with what was said at the last one; `undefined` if the sink was not in
   * it, or there is none. Then a checkpoint is taken before the first `write`, so what is found here without one is not the job's.
   */
  recover?(receipt: unknown): void | Promise<void>
}
