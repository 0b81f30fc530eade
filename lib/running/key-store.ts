import TinyQueue from 'tinyqueue'
import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'

/** What is kept for a key, as far as its store is concerned. */
export interface KeyState<K> extends SavedCell {
  readonly key: K
  /** The latest time that belongs to it; may rise, at any moment. */
  latest: number
  /** In the order in which keys came: breaks ties. Given by the store; -1 when it is not there any more. */
  number: number
}

/** How the states of a store are written down, in plain data. */
export interface StateCodec<K, S> {
  /** All but what the store knows: key, latest time and number. */
  readonly save: (state: S) => unknown
  readonly load: (key: K, saved: unknown, latest: number) => S
}

interface Entry<S> {
  readonly state: S
  /** When to look at it: too early if `latest` has risen since. */
  readonly due: number
  /** The state's. */
  readonly number: number
}

const gone = -1

/** How many entries of keys that are gone may wait in the queue beside those of keys that are there. */
const slack = 64

/** The states of an operator's keys, handed out when the watermark has passed the latest time of each and `keep`. */
export class KeyStore<K, S extends KeyState<K>> {
  readonly #keep: number
  readonly #changes: Changes<S> | undefined
  readonly #states = new Map<K, S>()
  /** A key is in it once, at a time that was right when it was put there, so that an event costs it nothing. */
  #queue = new TinyQueue<Entry<S>>([], byDue)

  #numbers = 0

  /**
   * @param keep ms; a key is kept while the watermark is not more than that ahead of its latest time
   * @param isSaved checkpoints are taken
   */
  constructor(keep: number, isSaved = false) {
    this.#keep = keep
    this.#changes = isSaved ? new Changes() : undefined
  }

  get size(): number {
    return this.#states.size
  }

  get(key: K): S | undefined {
    return this.#states.get(key)
  }

  /** Whether it is the state of its key. */
  has(state: S): boolean {
    return state.number !== gone
  }

  /** Adds a key that is not there. */
  add(state: S): void {
    state.number = this.#numbers++
    this.#put(state)
    this.#changes?.note(state)
  }

  /** Notes that a state has changed. */
  touch(state: S): void {
    this.#changes?.note(state)
  }

  remove(state: S): void {
    this.#forget(state)
    // A key that comes and goes leaves an entry each time, long before it is due.
    if (this.#queue.length > 2 * this.#states.size + slack) {
      this.#queue = new TinyQueue(
        Array.from(this.#states.values(), (each) => this.#entryOf(each)),
        byDue,
      )
    }
  }

  /**
   * Looks at the next key that may have expired; if it has, removes it and hands it to `onExpired`. False if there was none to
   * look at.
   */
  expireOne(watermark: number, onExpired: (state: S) => void): boolean {
    const entry = this.#queue.peek()
    if (entry === undefined || entry.due >= watermark) return false
    this.#queue.pop()
    const { state } = entry
    if (state.number === gone) return true
    if (state.latest + this.#keep < watermark) {
      this.#forget(state)
      onExpired(state)
    } else this.#queue.push(this.#entryOf(state))
    return true
  }

  /** The states as checkpoints see them. */
  saved({ save, load }: StateCodec<K, S>): SavedPart {
    const cellOf = (state: S): unknown => [state.number, state.latest, save(state)]
    return {
      save: (write, which) => {
        if (which === 'all') for (const state of this.#states.values()) write(state.key, cellOf(state))
        else {
          this.#changes?.take((state) => {
            write(state.key, state.number === gone ? undefined : cellOf(state))
          })
        }
      },
      load: (key, cell) => {
        const [number, latest, saved] = cell as [number, number, unknown]
        const state = load(key as K, saved, latest)
        state.number = number
        this.#numbers = Math.max(this.#numbers, number + 1)
        this.#put(state)
      },
    }
  }

  #put(state: S): void {
    this.#states.set(state.key, state)
    this.#queue.push(this.#entryOf(state))
  }

  #forget(state: S): void {
    this.#states.delete(state.key)
    state.number = gone
    this.#changes?.note(state)
  }

  #entryOf(state: S): Entry<S> {
    return { state, due: state.latest + this.#keep, number: state.number }
  }
}

function byDue(a: Entry<unknown>, b: Entry<unknown>): number {
  return a.due - b.due || a.number - b.number
}
