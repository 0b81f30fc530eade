import type { Split } from './split.ts'

/** Some values of a source, in order. None of them, where all that is new is how far the source has come. */
export interface Chunk<T> {
  readonly values: readonly T[]
  /**
   * Where the source is to be opened to give these values, and those behind them, once more: plain data, for checkpoints. Absent
   * where it can't be.
   */
  readonly position?: unknown
  /**
   * Where the source is to be opened to give what is behind so many of the values: for sources that can say it, as those with numbered
   * records can. Then checkpoints have this, and no value is read to be passed over.
   */
  readonly positionAt?: (taken: number) => unknown
  /** The part of the source that they are of, where it has parts with a watermark each. */
  readonly split?: Split
  /** Nothing more will come of the split: from here on it holds no watermark back. */
  readonly isLast?: boolean
  /** Called when all of its values have gone through the pipeline; what came of them is with the sinks. Must not throw. */
  readonly onTaken?: () => void
  /**
   * Where it begins can't be found again: in a new run nobody would begin here, or the values that the position of a checkpoint promised
   * can't be had again. None of these has been processed, and a checkpoint is taken soon. A source without this gives the same
   * values once more.
   */
  readonly isAnew?: boolean
}

/**
 * The pull side of a source, one for each run. The job reads one chunk ahead of the one it processes and no further, so a
 * source needs no buffer of its own.
 */
export interface ChunkReader<T> {
  /** The next values, `undefined` at the end. May answer at once or later. Never called while a read is under way. */
  read(): Chunk<T> | undefined | Promise<Chunk<T> | undefined>
  /**
   * A checkpoint has been taken that says where the source is to be opened next: for who keeps track of it elsewhere too. Must not throw;
   * nothing waits for it.
   */
  acknowledge?(position: unknown): void
  /** For metrics: what is known to be there and was not handed on, by the parts of the source, such as records of partitions. */
  lags?(): ReadonlyMap<string, number>
  /** Frees what is held. Called once, at the end or earlier; a read under way then need not answer. */
  close(): void | Promise<void>
}
