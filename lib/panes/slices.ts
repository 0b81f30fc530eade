import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import TinyQueue from 'tinyqueue'
import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import type { Slice } from '../window.ts'
import type { Accumulators } from './accumulators.ts'

/** What the events of a key in a slice come to. */
export interface Part<K> extends SavedCell {
  readonly key: K
  readonly slice: Slice
  /** Order of coming. */
  readonly number: number
  accumulator: unknown
}

/** A slice with events in it. */
export interface OpenSlice<K> extends SavedCell {
  readonly slice: Slice
  /** By key, until the watermark has passed the slice: then they are in the keys' timelines. */
  readonly parts: Map<K, Part<K>>
  events: number
  isSealed: boolean
}

/** Of a slice: events, whether it is sealed. Of a part: number, accumulator. */
type SavedSlice = readonly [number, boolean]
type SavedPartOf = readonly [number, unknown]

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
  readonly #changedSlices: Changes<OpenSlice<K>> | undefined
  readonly #changedParts: Changes<Part<K>> | undefined
  #numbers = 0
  /** Parts in slices that have not been sealed. */
  parts = 0

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(dirty?: DirtyCells) {
    this.#changedSlices = dirty && new Changes(dirty)
    this.#changedParts = dirty && new Changes(dirty)
  }

  /** Finds a slice, or opens it; one that `isSealed` takes late events only. */
  open(slice: Slice, isSealed: boolean): OpenSlice<K> {
    const found = this.#byStart.get(slice.start)
    if (found !== undefined) return found
    return this.#put({ slice, parts: new Map(), events: 0, isSealed, isChanged: false })
  }

  /** All there are. */
  all(): Iterable<OpenSlice<K>> {
    return this.#byStart.values()
  }

  /** Adds a part for a key that has none. */
  add(open: OpenSlice<K>, key: K, accumulator: unknown): Part<K> {
    return this.#putPart(open, { key, slice: open.slice, number: this.#numbers++, accumulator, isChanged: false })
  }

  /** Removes a part. */
  remove(open: OpenSlice<K>, part: Part<K>): void {
    open.parts.delete(part.key)
    this.parts -= 1
    this.#changedParts?.note(part)
  }

  /** Counts an event, of a part that has been changed for it unless the slice is sealed. */
  count(open: OpenSlice<K>, part?: Part<K>): void {
    open.events += 1
    this.#changedSlices?.note(open)
    if (part !== undefined) this.#changedParts?.note(part)
  }

  /** The first slice that has not been sealed. */
  get unsealed(): OpenSlice<K> | undefined {
    return this.#unsealed.peek()
  }

  /** Says that the first unsealed slice is sealed. */
  seal(): void {
    const sealed = this.#unsealed.pop()
    if (sealed === undefined) return
    sealed.isSealed = true
    this.#changedSlices?.note(sealed)
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
    if (removed === undefined) return
    this.#byStart.delete(removed.slice.start)
    this.#changedSlices?.note(removed)
  }

  /**
   * Slices, and parts of those that have not been sealed, as checkpoints see them.
   *
   * @param sliceOf finds the slice of a time
   * @param accumulators what makes those that were saved what they are now
   */
  saved(sliceOf: (time: number) => Slice, accumulators: Pick<Accumulators<never, unknown>, 'restore'>): SavedPart {
    const loaded: (readonly [start: number, key: K, cell: SavedPartOf])[] = []
    return {
      save: (write, which) => {
        const writeSlice = (open: OpenSlice<K>): void => {
          const { start } = open.slice
          write([start], this.#byStart.get(start) === open ? [open.events, open.isSealed] : undefined)
        }
        const writePart = (part: Part<K>): void => {
          const { key, number, accumulator } = part
          const { start } = part.slice
          const isThere = this.#byStart.get(start)?.parts.get(key) === part
          write([start, key], isThere ? [number, accumulator] : undefined)
        }
        if (which === 'changed') {
          this.#changedSlices?.take(writeSlice)
          this.#changedParts?.take(writePart)
          return
        }
        for (const open of this.all()) {
          writeSlice(open)
          for (const part of open.parts.values()) writePart(part)
        }
      },
      load: (at, cell) => {
        const place = at as readonly [number] | readonly [number, K]
        if (place.length === 2) loaded.push([...place, cell as SavedPartOf])
        else {
          const [events, isSealed] = cell as SavedSlice
          this.#put({ slice: sliceOf(place[0]), parts: new Map(), events, isSealed, isChanged: false })
        }
      },
      loaded: () => {
        for (const [start, key, [number, saved]] of loaded.sort(([, , [a]], [, , [b]]) => a - b)) {
          const open = this.#byStart.get(start)
          if (open === undefined) continue
          this.#numbers = number + 1
          const accumulator = accumulators.restore(saved)
          this.#putPart(open, { key, slice: open.slice, number, accumulator, isChanged: false })
        }
      },
    }
  }

  #put(open: OpenSlice<K>): OpenSlice<K> {
    this.#byStart.set(open.slice.start, open)
    if (!open.isSealed) this.#unsealed.push(open)
    this.#pending.push(open)
    this.#kept.push(open)
    return open
  }

  #putPart(open: OpenSlice<K>, part: Part<K>): Part<K> {
    open.parts.set(part.key, part)
    this.parts += 1
    return part
  }
}

function byStart<K>(a: OpenSlice<K>, b: OpenSlice<K>): number {
  return a.slice.start - b.slice.start
}
