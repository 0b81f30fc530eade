import { absent, type Accumulators } from './accumulators.ts'

/**
 * What the slices of a key come to, in the order of time, with sums over many of them kept ready, so that any range is the sum of
 * a few.
 *
 * The parts are the first level. A block of the next level is the sum of two neighbours that begin at an even place, made when the
 * second has come: as many merges as there are parts. Parts are dropped from the front, and with one the blocks that hold it.
 */
export class Timeline {
  readonly #accumulators: Accumulators<never, unknown>
  readonly #starts: number[] = []
  /** `absent` where a part has been dropped. */
  readonly #levels: [unknown[], ...unknown[][]] = [[]]
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
    this.#levels[0].push(part)
    this.#build(1)
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
      this.#levels[0].splice(place, 0, change(this.#accumulators.create()))
      // What comes after it has another place now.
      for (const [level, blocks] of this.#levels.entries()) {
        if (level > 0) blocks.length = Math.min(blocks.length, place >> level)
      }
      this.#build(1)
      return true
    }
    for (const [level, blocks] of this.#levels.entries()) {
      const block = blocks[place >> level]
      if (place >> level < blocks.length && block !== absent) blocks[place >> level] = change(block)
    }
    return false
  }

  /** What the slices in `[start, end)` come to, not to be changed; `absent` if there are none. */
  total(start: number, end: number): unknown {
    let from = this.#placeFrom(start)
    let until = this.#placeFrom(end)
    if (until - from <= 1) return until > from ? this.#levels[0][from] : absent
    const accumulators = this.#accumulators
    let total = accumulators.create()
    for (let level = 0; from < until; level++, from >>= 1, until >>= 1) {
      const blocks = this.#levels[level] as unknown[]
      if ((from & 1) === 1) total = accumulators.merge(total, blocks[from++])
      if ((until & 1) === 1) total = accumulators.merge(total, blocks[--until])
    }
    return total
  }

  /** The part of a slice; `absent` if there is none. */
  part(start: number): unknown {
    const place = this.#placeFrom(start)
    return this.#starts[place] === start ? this.#levels[0][place] : absent
  }

  /** The slices that start before a time. */
  startsBefore(start: number): readonly number[] {
    return this.#starts.slice(this.#head, this.#placeFrom(start))
  }

  /** Drops the slices that start before a time; returns how many. */
  dropBefore(start: number): number {
    const before = this.#head
    while (this.#head < this.#starts.length && (this.#starts[this.#head] as number) < start) {
      for (const [level, blocks] of this.#levels.entries()) {
        if (this.#head >> level < blocks.length) blocks[this.#head >> level] = absent
      }
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

  /** Makes the blocks that can be made and are not there, from a level on. */
  #build(from: number): void {
    const accumulators = this.#accumulators
    for (let level = from; ; level++) {
      const below = this.#levels[level - 1] as unknown[]
      if (below.length < 2) return
      const blocks = (this.#levels[level] ??= [])
      const made = blocks.length
      while (blocks.length < below.length >> 1) {
        const first = below[2 * blocks.length]
        const second = below[2 * blocks.length + 1]
        const isWhole = first !== absent && second !== absent
        blocks.push(isWhole ? accumulators.merge(accumulators.merge(accumulators.create(), first), second) : absent)
      }
      if (blocks.length === made) return
    }
  }

  /** Forgets the places of parts that have been dropped, as many as leave most blocks where they belong. */
  #tidy(): void {
    const height = 31 - Math.clz32(this.#head)
    this.#starts.splice(0, 1 << height)
    this.#head -= 1 << height
    for (const [level, blocks] of this.#levels.entries()) {
      if (level <= height) blocks.splice(0, 1 << (height - level))
      else blocks.length = 0
    }
    this.#build(height + 1)
  }
}
