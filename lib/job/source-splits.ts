import type { Split, SplitListener } from '../split.ts'
import type { Gauge } from './gauge.ts'

/** The splits of a job's sources, and the one that is being pushed from. */
export class Splits {
  /** What the values that are being pushed are of. */
  current: Split | undefined
  /** Where timestamps are assigned. */
  readonly listeners: Set<SplitListener> = new Set()

  /** Pushes something of a split. */
  within<R>(split: Split | undefined, push: () => R): R {
    const outer = this.current
    this.current = split
    try {
      return push()
    } finally {
      this.current = outer
    }
  }
}

/** The splits of one source. */
export class SourceSplits {
  readonly #splits: Splits
  readonly #gauge: Gauge
  readonly #open = new Set<Split>()

  constructor(splits: Splits, gauge: Gauge) {
    this.#splits = splits
    this.#gauge = gauge
  }

  /** Something is at hand that has not been read, though the source does not give it yet: it is slow, and not silent. */
  get isWaiting(): boolean {
    for (const split of this.#open) if (split.isWaiting()) return true
    return false
  }

  /** Pushes values of a split. */
  within<R>(split: Split, push: () => R): R {
    this.#open.add(split)
    this.#gauge.splits?.opened?.(split)
    return this.#splits.within(split, push)
  }

  /** Nothing more comes of a split. */
  close(split: Split): void {
    this.#open.delete(split)
    const { listeners } = this.#splits
    this.#splits.within(split, () => {
      for (const listener of listeners) listener.closing?.(split)
    })
    for (const listener of listeners) listener.closed?.(split)
  }

  /** Nothing more comes of the source. */
  closeAll(): void {
    for (const split of this.#open) this.close(split)
  }
}
