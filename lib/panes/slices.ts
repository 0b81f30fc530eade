import TinyQueue from 'tinyqueue'
import type { Slice } from '../window.ts'

/** What the events of a key in a slice come to. */
export interface Part {
  accumulator: unknown
}

/** A slice with events in it. */
export interface OpenSlice<K> {
  readonly slice: Slice
  /** By key, until the watermark has passed the slice: then they are in the keys' timelines. */
  readonly parts: Map<K, Part>
  events: number
}

type Queue<K> = TinyQueue<OpenSlice<K>>

/** The slices with events, handed out in the order of time for each of the three things that happen to them. */
export class Slices<K> {
  readonly #byStart = new Map<number, OpenSlice<K>>()
  /** Those that the watermark has not passed. */
  readonly #unsealed: Queue<K> = new TinyQueue<OpenSlice<K>>([], byStart)
  /** Those that have windows to come, and, at their end, some that have none. */
  readonly #pending: Queue<K> = new TinyQueue<OpenSlice<K>>([], byStart)
  /** All. */
  readonly #kept: Queue<K> = new TinyQueue<OpenSlice<K>>([], byStart)

  /** Finds a slice, or opens it; one that `isSealed` takes late events only. */
  open(slice: Slice, isSealed: boolean): OpenSlice<K> {
    const found = this.#byStart.get(slice.start)
    if (found !== undefined) return found
    const opened: OpenSlice<K> = { slice, parts: new Map(), events: 0 }
    this.#byStart.set(slice.start, opened)
    if (!isSealed) this.#unsealed.push(opened)
    this.#pending.push(opened)
    this.#kept.push(opened)
    return opened
  }

  /** The first slice that has not been sealed. */
  get unsealed(): OpenSlice<K> | undefined {
    return this.#unsealed.peek()
  }

  /** Says that the first unsealed slice is sealed. */
  seal(): void {
    this.#unsealed.pop()
  }

  /** The first window after `number` that has events. */
  windowAfter(number: number): number | undefined {
    for (let next = this.#pending.peek(); next !== undefined; next = this.#pending.peek()) {
      if (next.slice.last > number) return Math.max(next.slice.first, number + 1)
      this.#pending.pop()
    }
    return undefined
  }

  /** The first slice of all. */
  get first(): OpenSlice<K> | undefined {
    return this.#kept.peek()
  }

  /** Removes the first slice of all. */
  removeFirst(): void {
    const removed = this.#kept.pop()
    if (removed !== undefined) this.#byStart.delete(removed.slice.start)
  }
}

function byStart<K>(a: OpenSlice<K>, b: OpenSlice<K>): number {
  return a.slice.start - b.slice.start
}
