import TinyQueue from 'tinyqueue'

/** What is kept for a key, as far as its store is concerned. */
export interface KeyState<K> {
  readonly key: K
  /** The latest time that belongs to it; may rise, at any moment. */
  latest: number
}

interface Entry<S> {
  readonly state: S
  /** When to look at it: too early if `latest` has risen since. */
  readonly due: number
}

/** How many entries of keys that are gone may wait in the queue beside those of keys that are there. */
const slack = 64

/** The states of an operator's keys, handed out when the watermark has passed the latest time of each and `keep`. */
export class KeyStore<K, S extends KeyState<K>> {
  readonly #keep: number
  readonly #states = new Map<K, S>()
  /** A key is in it once, at a time that was right when it was put there, so that an event costs it nothing. */
  #queue = new TinyQueue<Entry<S>>([], byDue)

  /** @param keep ms; a key is kept while the watermark is not more than that ahead of its latest time */
  constructor(keep: number) {
    this.#keep = keep
  }

  get size(): number {
    return this.#states.size
  }

  get(key: K): S | undefined {
    return this.#states.get(key)
  }

  /** Adds a key that is not there. */
  add(state: S): void {
    this.#states.set(state.key, state)
    this.#queue.push(this.#entryOf(state))
  }

  remove(state: S): void {
    this.#states.delete(state.key)
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
    if (this.#states.get(state.key) !== state) return true
    if (state.latest + this.#keep < watermark) {
      this.#states.delete(state.key)
      onExpired(state)
    } else this.#queue.push(this.#entryOf(state))
    return true
  }

  #entryOf(state: S): Entry<S> {
    return { state, due: state.latest + this.#keep }
  }
}

function byDue<S>(a: Entry<S>, b: Entry<S>): number {
  return a.due - b.due
}
