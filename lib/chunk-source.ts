import type { Split } from './split.ts'

/** Some values of a source, in order. None of them, where all that is new is how far the source has come. */
export interface Chunk<T> {
  readonly values: readonly T[]
  /**
   * Where the source is to be opened to give these values, and those behind them, once more: plain data, for checkpoints. Absent
   * where it can't be.
   */
  readonly position?: unknown
  /** The part of the source that they are of, where it has parts with a watermark each. */
  readonly split?: Split
  /** Nothing more will come of the split: from here on it holds no watermark back. */
  readonly isLast?: boolean
  /** Called when all of its values have gone through the pipeline; what came of them is with the sinks. Must not throw. */
  readonly onTaken?: () => void
  /**
   * The values that the position of a checkpoint promised can't be had again: none of these has been processed. A source without this
   * gives the same values once more.
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
  /** Frees what is held. Called once, at the end or earlier; a read under way then need not answer. */
  close(): void | Promise<void>
}
