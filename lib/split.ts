/**
 * A part of a source whose values come in an order of their own, such as a connection, a partition or a file. `assignTimestamps`
 * makes watermarks for each, and the lowest of those counts: so one that is ahead makes no other's events late.
 *
 * A source says with each chunk which split it is of. A split counts from its first chunk on, which may be without values, until its last.
 * Those that are there from the start are to be opened before the first values.
 *
 * Values are of the split that is being read while they reach `assignTimestamps`: what RxJS operators in between hold back
 * (`bufferCount`, `delay`) is taken for the split they let it go with. Values of no split are together one more.
 */
export interface Split {
  /** If the next run has it too, its name in checkpoints, which then keep its watermark. Unique in the sources of a stream. */
  readonly id?: string
  /** Something of it is at hand that has not been read: it is not silent, only not asked. */
  isWaiting(): boolean
  /**
   * Has no watermark of its own, and its values count with those of no split: a part of a source that reads one part after the other.
   * What is held back of it, as half a record is, leaves when it closes.
   */
  readonly sharesWatermark?: boolean
}

/** Is told of the splits of sources. */
export interface SplitListener {
  /** A source of its own has a split. Told once a chunk. */
  opened?(split: Split): void
  /** Nothing more comes of a split, of whatever source. What was held back of it is still of it. */
  closing?(split: Split): void
  /** Nothing more comes of a split, of whatever source. */
  closed?(split: Split): void
}
