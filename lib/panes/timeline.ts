import type { Accumulators } from './accumulators.ts'

/**
 * What the slices of a key come to, in the order of time, with sums over many of them kept ready: any range is the sum of a few.
 *
 * The part at place `p` (from 0) has beside it the sum of the last `lowestBit(p + 1)` parts up to it, as in a Fenwick tree. Each
 * sum is made once, of smaller ones, when its last part is appended; parts are dropped from the front.
 */
export class Timeline {
  readonly #accumulators: Accumulators<never, unknown>
  #starts: number[] = []
  #parts: unknown[] = []
  /** Undefined where it is the part itself, or would reach beyond what has been dropped. */
  #sums: unknown[] = []
  /** Place of the first part that has not been dropped. */
  #head = 0

  /** @param accumulators of an aggregate that can merge */
  constructor(accumulators: Accumulators<never, unknown>) {
    this.#accumulators = accumulators
  }

  /** Parts that have not been dropped. */
  get size(): number {
    return this.#starts.length - this.#head
  }

  /** Adds the part of a slice that starts after all others. */
  append(start: number, part: unknown): void {
    this.#starts.push(start)
    this.#parts.push(part)
    this.#sums.push(this.#sumUpTo(this.#parts.length - 1))
  }

  /**
   * Changes the part of a slice; returns whether there was none.
   *
   * @param change adds something to an accumulator, or takes it back
   */
  change(start: number, change: (accumulator: unknown) => unknown): boolean {
    const place = this.#placeFrom(start)
    if (this.#starts[place] !== start) {
      this.#starts.splice(place, 0, start)
      this.#parts.splice(place, 0, change(this.#accumulators.create()))
      this.#rebuild()
      return true
    }
    this.#parts[place] = change(this.#parts[place])
    for (let p = place; p < this.#sums.length; p += lowestBit(p + 1)) {
      const sum = this.#sums[p]
      if (sum !== undefined) this.#sums[p] = change(sum)
    }
    return false
  }

  /** What the slices in `[start, end)` come to, not to be changed; undefined if there are none. */
  total(start: number, end: number): unknown {
    const first = this.#placeFrom(start)
    const last = this.#placeFrom(end) - 1
    if (first >= last) return first === last ? this.#parts[first] : undefined
    const accumulators = this.#accumulators
    let total = accumulators.create()
    let p = last
    while (p >= first) {
      const width = lowestBit(p + 1)
      const sum = p + 1 - width >= first ? this.#sums[p] : undefined
      total = accumulators.merge(total, sum ?? this.#parts[p])
      p -= sum === undefined ? 1 : width
    }
    return total
  }

  /** Drops the slices that start before a time; returns how many. */
  dropBefore(start: number): number {
    const before = this.#head
    while (this.#head < this.#starts.length && (this.#starts[this.#head] as number) < start) {
      this.#parts[this.#head] = undefined
      this.#sums[this.#head] = undefined
      this.#head += 1
    }
    const dropped = this.#head - before
    // So that what has been dropped is never the most, and tidying up costs each part but a little.
    if (this.#head > 32 && this.#head * 2 > this.#starts.length) this.#tidy()
    return dropped
  }

  /** The place of the first part at or after a time. */
  #placeFrom(start: number): number {
    const starts = this.#starts
    let from = this.#head
    let until = starts.length
    // Mostly it is one of the ends that is asked for.
    if (from === until || (starts[from] as number) >= start) return from
    if ((starts[until - 1] as number) < start) return until
    while (from < until) {
      const middle = (from + until) >>> 1
      if ((starts[middle] as number) < start) from = middle + 1
      else until = middle
    }
    return from
  }

  #sumUpTo(place: number): unknown {
    const width = lowestBit(place + 1)
    const first = place + 1 - width
    if (width === 1 || first < this.#head) return undefined
    const accumulators = this.#accumulators
    let sum = accumulators.merge(accumulators.create(), this.#parts[place])
    for (let p = place - 1; p >= first; p -= lowestBit(p + 1)) {
      sum = accumulators.merge(sum, this.#sums[p] ?? this.#parts[p])
    }
    return sum
  }

  #tidy(): void {
    this.#starts = this.#starts.slice(this.#head)
    this.#parts = this.#parts.slice(this.#head)
    this.#head = 0
    this.#rebuild()
  }

  #rebuild(): void {
    this.#sums = []
    for (let place = 0; place < this.#parts.length; place++) this.#sums.push(this.#sumUpTo(place))
  }
}

function lowestBit(number: number): number {
  return number & -number
}
