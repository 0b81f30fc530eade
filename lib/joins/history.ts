import type { AnyEvent } from '../element.ts'

/** Tells whether a change of a table says that the key has no row from then on. */
export function isDelete({ value }: AnyEvent): boolean {
  return value === null || value === undefined
}

/** The changes of one key of a table, in the order of their times: of equal times only the one that came last. */
export class History<E extends AnyEvent> {
  readonly key: E['key']
  /** From this time on it is known what the key had. What was before has been freed. */
  since: number
  /** The watermark at which it is queued to be freed. */
  queued: number = Infinity
  private readonly changes: (E | undefined)[]
  /** Where they begin: what is before has been freed. */
  private head = 0

  /** The changes that are kept, in the order of their times. */
  get kept(): readonly E[] {
    return this.changes.slice(this.head) as E[]
  }

  /** @param since from when on it is known what the key had */
  constructor(first: E, since: number) {
    this.key = first.key
    this.since = since
    this.changes = [first]
  }

  get size(): number {
    return this.changes.length - this.head
  }

  /** The watermark at which something can be freed: that which ends the first change, or the first itself if it deletes. */
  get due(): number {
    const first = this.changes[this.head]
    if (first === undefined) return Infinity
    return isDelete(first) ? first.time : this.timeAt(this.head + 1)
  }

  /** Adds a change; true if it has taken the place of another one of the same time. */
  add(change: E): boolean {
    const { changes } = this
    const { time } = change
    const index = this.firstAfter(time)
    const isReplacing = index > this.head && this.timeAt(index - 1) === time
    if (isReplacing) changes[index - 1] = change
    else if (index === changes.length) changes.push(change)
    else changes.splice(index, 0, change)
    return isReplacing
  }

  /** The last change at or before a time. */
  at(time: number): E | undefined {
    const index = this.firstAfter(time)
    return index > this.head ? this.changes[index - 1] : undefined
  }

  /** Frees what no event at or after `watermark` needs: all but the last change before that, and that one too if it deletes. */
  free(watermark: number): number {
    const { changes, head } = this
    let until = this.firstAfter(watermark) - 1
    const last = changes[until]
    if (until < head || last === undefined) return 0
    if (isDelete(last)) until += 1
    else if (until === head) return 0
    this.since = last.time
    changes.fill(undefined, head, until)
    this.head = until
    // At least as many have been freed as have to be moved.
    if (2 * until >= changes.length) {
      changes.copyWithin(0, until)
      changes.length -= until
      this.head = 0
    }
    return until - head
  }

  private timeAt(index: number): number {
    return this.changes[index]?.time ?? Infinity
  }

  /** The index of the first change after `time`; mostly all are before it. */
  private firstAfter(time: number): number {
    let from = this.head
    let until = this.changes.length
    if (until === from || this.timeAt(until - 1) <= time) return until
    while (from < until) {
      const middle = (from + until) >>> 1
      if (this.timeAt(middle) > time) until = middle
      else from = middle + 1
    }
    return from
  }
}
