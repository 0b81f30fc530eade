/**
 * Where the results of a job go. `write` gets batches in order, one at a time: the job awaits what it returns before it
 * pulls anything more from its sources, which is how a slow sink holds back the whole pipeline.
 */
export interface Sink<T> {
  readonly name: string
  /** Takes a batch. The array is the sink's to keep. */
  write(values: readonly T[]): void | Promise<void>
  /** The input has ended, all results were written. */
  end?(): void | Promise<void>
  /**
   * The job stops without an end, by `stop()`, an abort or an error. Free what is held; do not write.
   *
   * @param reason the error, if the job has failed
   */
  close?(reason?: unknown): void | Promise<void>
}
