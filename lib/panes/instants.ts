import TinyQueue from 'tinyqueue'
import type { Diff, Event } from '../element.ts'

/** What the events of a key at one instant come to. */
export interface Instant<T, K, P> {
  readonly time: number
  accumulator: unknown
  events: number
  /** The events, as long as no window has taken them. */
  untaken: Event<T, K, P, Diff>[]
}

interface Freed<K> {
  readonly time: number
  readonly key: K
}

/** The instants of each key at which something happened, in the order of time, until no window can reach them any more. */
export class Instants<T, K, P> {
  readonly #byKey = new Map<K, Instant<T, K, P>[]>()
  readonly #queue = new TinyQueue<Freed<K>>([], (a, b) => a.time - b.time)

  /** Instants of all keys. */
  get size(): number {
    return this.#queue.length
  }

  /** Finds the instant of an event, or makes it. */
  at(key: K, time: number, create: () => unknown): Instant<T, K, P> {
    let instants = this.#byKey.get(key)
    if (instants === undefined) this.#byKey.set(key, (instants = []))
    const index = firstFrom(instants, time)
    const found = instants[index]
    if (found?.time === time) return found
    const made: Instant<T, K, P> = { time, accumulator: create(), events: 0, untaken: [] }
    instants.splice(index, 0, made)
    this.#queue.push({ time, key })
    return made
  }

  /** The instants of a key in `[start, end)`. */
  within(key: K, start: number, end: number): readonly Instant<T, K, P>[] {
    const instants = this.#byKey.get(key) ?? []
    return instants.slice(firstFrom(instants, start), firstFrom(instants, end))
  }

  /** Removes and returns the earliest instant, if it lies before `time`. */
  takeBefore(time: number): Instant<T, K, P> | undefined {
    const next = this.#queue.peek()
    if (next === undefined || next.time >= time) return undefined
    this.#queue.pop()
    const instants = this.#byKey.get(next.key)
    if (instants?.length === 1) this.#byKey.delete(next.key)
    return instants?.shift()
  }

  /** The earliest instant. */
  get first(): number {
    return this.#queue.peek()?.time ?? Infinity
  }
}

/** The index of the first instant at or after `time`. */
function firstFrom<T, K, P>(instants: readonly Instant<T, K, P>[], time: number): number {
  let from = 0
  let until = instants.length
  while (from < until) {
    const middle = (from + until) >>> 1
    if ((instants[middle]?.time ?? Infinity) < time) from = middle + 1
    else until = middle
  }
  return from
}
