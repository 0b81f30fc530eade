import type { Observable } from 'rxjs'
import { stringify } from 'fast-check'
import type { Chunk } from '../lib/chunk-source.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { Split } from '../lib/split.ts'
import { defineSource } from '../lib/wiring/source.ts'
import { microtasks, type Pace } from './pace.ts'

/** What else is known of values that are read at a pace. */
export interface PacedOptions {
  /** Which split each value comes from, over and over; they are of no split unless given. */
  readonly splits?: readonly number[]
  /** Called when a chunk is read. */
  readonly onRead?: () => void
}

/**
 * Reads values in the chunks and with the delays of a pace. It can be opened again where a checkpoint says.
 *
 * @throws TidemarkError `invalid-argument` for a pace at which they never come to an end
 */
export function paced<T>(values: readonly T[], pace: Pace, { splits, onRead }: PacedOptions = {}): Observable<T> {
  if (!pace.chunks.some((size) => size > 0)) {
    throw new TidemarkError(
      'invalid-argument',
      `paced: expected a chunk that is not empty, got ${stringify(pace.chunks)}`,
    )
  }
  return defineSource<T>({
    name: 'paced',
    open(_, position) {
      const cut = splits === undefined ? whole(values) : new Dealt(values, splits)
      let next = typeof position === 'number' ? position : 0
      let reads = 0
      const chunk = (): Chunk<T> | undefined => {
        onRead?.()
        const opening = cut.open()
        if (opening !== undefined) return { ...opening, position: next }
        if (next >= values.length) return undefined
        const from = next
        const part = cut.chunk(from, from + (pace.chunks[reads % pace.chunks.length] ?? 1))
        next += part.values.length
        return { ...part, position: from }
      }
      return {
        read() {
          const delay = pace.reads[reads % pace.reads.length] ?? 0
          const answer = chunk()
          reads += 1
          return delay === 0 ? answer : microtasks(delay).then(() => answer)
        },
        close() {},
      }
    },
  })
}

/** Says what a chunk is. */
interface Cut<T> {
  /** A split that has not been opened, as a chunk without values. */
  open(): Chunk<T> | undefined
  chunk(from: number, to: number): Chunk<T>
}

function whole<T>(values: readonly T[]): Cut<T> {
  return { open: () => undefined, chunk: (from, to) => ({ values: values.slice(from, to) }) }
}

/** Deals values out to splits. */
class Dealt<T> implements Cut<T> {
  readonly #values: readonly T[]
  readonly #of: readonly number[]
  readonly #splits = new Map<number, Split>()
  readonly #unopened: Split[]

  constructor(values: readonly T[], splits: readonly number[]) {
    this.#values = values
    this.#of = values.map((_, i) => splits[i % splits.length] ?? 0)
    for (const n of this.#of) {
      if (!this.#splits.has(n)) this.#splits.set(n, { id: `split ${n}`, isWaiting: () => true })
    }
    this.#unopened = [...this.#splits.values()]
  }

  open(): Chunk<T> | undefined {
    const split = this.#unopened.shift()
    return split && { values: [], split }
  }

  chunk(from: number, most: number): Chunk<T> {
    const n = this.#of[from] ?? 0
    let to = from
    while (to < Math.min(most, this.#values.length) && this.#of[to] === n) to += 1
    const values = this.#values.slice(from, to)
    const split = this.#splits.get(n)
    return split === undefined ? { values } : { values, split, isLast: !this.#of.includes(n, to) }
  }
}
