import TinyQueue from 'tinyqueue'

/** One thing in the state of a key, with the time when it ends. */
export interface Entry<V> {
  value: V
  /** The time that ends it, which a write may put off; `Infinity` for one without. */
  expires: number
  readonly cell: Cell
  /** Where in its cell it is. */
  readonly at: unknown
  /** Is not in its cell any more. */
  isGone: boolean
}

/** Where in its cell an entry is, its value, and the time that ends it, if there is any. */
export type SavedEntry<N, V> = readonly [at: N, value: V, expires?: number]

/** Makes a value that was saved what it is now. */
export type Restore = (value: unknown) => unknown

/** What a key holds under one of the names its operator has declared. */
export interface Cell {
  readonly owner: CellOwner
  /** How long an entry lasts after the time of its last write, ms, or `Infinity`. */
  readonly ttl: number
  /** Leaves out an entry that has ended. */
  leaveOut(at: unknown): void
  clear(): void
}

/** The state that cells belong to. */
export interface CellOwner {
  /** Entries in all of its cells. */
  size: number
}

/** What says when an entry is written. */
export interface WriteClock {
  /** The event time of what is at hand; an error where nothing is. */
  timeOfWrite(): number
  /** What ends until then has ended. */
  readonly reached: number
}

/** What cells use of `Entries`. */
export type CellEntries = Pick<Entries<CellOwner>, 'add' | 'write' | 'remove' | 'restore'>

interface Waiting {
  readonly entry: Entry<unknown>
  /** When to look at it: too early if it has been put off since. */
  readonly due: number
}

/** How many entries that are gone may wait in the queue beside those that are there. */
const slack = 64

/** The entries in the states of all keys. One with a time to live is in the queue once, however often it is written. */
export class Entries<S extends CellOwner> {
  /** How many there are. */
  size = 0
  readonly #clock: WriteClock
  #queue = new TinyQueue<Waiting>([], byDue)
  #gone = 0

  constructor(clock: WriteClock) {
    this.#clock = clock
  }

  add<V>(cell: Cell, at: unknown, value: V): Entry<V> {
    return this.#put(cell, at, value, this.#clock.timeOfWrite() + cell.ttl)
  }

  /** Adds one that has been there before, unless it has ended meanwhile. */
  restore<V>(cell: Cell, at: unknown, value: V, expires: number = Infinity): Entry<V> | undefined {
    return expires <= this.#clock.reached ? undefined : this.#put(cell, at, value, expires)
  }

  #put<V>(cell: Cell, at: unknown, value: V, expires: number): Entry<V> {
    const entry = { value, expires, cell, at, isGone: false }
    this.size += 1
    cell.owner.size += 1
    if (cell.ttl < Infinity) this.#queue.push({ entry, due: entry.expires })
    return entry
  }

  write<V>(entry: Entry<V>, value: V): void {
    entry.expires = Math.max(entry.expires, this.#clock.timeOfWrite() + entry.cell.ttl)
    entry.value = value
  }

  /** For one that its cell has let go of. */
  remove(entry: Entry<unknown>): void {
    entry.isGone = true
    this.size -= 1
    entry.cell.owner.size -= 1
    if (entry.cell.ttl === Infinity) return
    this.#gone += 1
    if (this.#gone <= this.#queue.length / 2 + slack) return
    this.#queue = new TinyQueue(
      this.#queue.data.filter((waiting) => !waiting.entry.isGone),
      byDue,
    )
    this.#gone = 0
  }

  /** Looks at the next entry that `time` may have ended; if it has, leaves it out of its cell. False if there was none. */
  expireOne(time: number, onExpired: (state: S) => void): boolean {
    const first = this.#queue.peek()
    if (first === undefined || first.due > time) return false
    this.#queue.pop()
    const { entry } = first
    if (entry.isGone) this.#gone -= 1
    else if (entry.expires > time) this.#queue.push({ entry, due: entry.expires })
    else {
      entry.isGone = true
      this.size -= 1
      entry.cell.owner.size -= 1
      entry.cell.leaveOut(entry.at)
      // Those that it is asked for are the ones its cells were made for.
      onExpired(entry.cell.owner as S)
    }
    return true
  }
}

export function savedEntry<N, V>(at: N, { value, expires }: Entry<V>): SavedEntry<N, V> {
  return expires === Infinity ? [at, value] : [at, value, expires]
}

function byDue(a: Waiting, b: Waiting): number {
  return a.due - b.due
}
