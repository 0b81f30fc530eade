import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import TinyQueue from 'tinyqueue'
import { Changes } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { ColdKeys } from './cold-keys.ts'
import type { KeyState, SavedKeyState, StateCodec } from './key-state.ts'

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
  #states = new Map<K, S>()
  /** If there are cold keys: the states that were there at the last checkpoint but one, and have not been asked for since. */
  #older = new Map<K, S>()
  #cold: ColdKeys<K, S> | undefined
  /** A key is in it once, at a time that was right when it was put there, so that an event costs it nothing. */
  #queue = new TinyQueue<Entry<S>>([], byDue)

  #numbers = 0

  /**
   * @param keep ms; a key is kept while the watermark is not more than that ahead of its latest time
   * @param dirty counts what changes, if checkpoints are taken
   */
  constructor(keep: number, dirty?: DirtyCells) {
    this.#keep = keep
    this.#changes = dirty && new Changes(dirty)
  }

  get size(): number {
    return this.#states.size + this.#older.size + (this.#cold?.size ?? 0)
  }

  get(key: K): S | undefined {
    const state = this.#states.get(key)
    return state === undefined && this.#cold !== undefined ? this.#fetched(key, this.#cold) : state
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
    if (this.#queue.length > 2 * (this.#states.size + this.#older.size) + slack) this.#sort()
  }

  /**
   * Looks at the next key that may have expired; if it has, removes it and hands it to `onExpired`. False if there was none to
   * look at.
   */
  expireOne(watermark: number, onExpired: (state: S) => void): boolean {
    this.#cold?.advance(watermark)
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

  /** The input has ended: keys that are not in memory expire all at once. Returns how many they were. */
  expireCold(): number {
    if (this.#cold === undefined) return 0
    const { size } = this.#cold
    this.#cold.size = 0
    return size
  }

  /** The states as checkpoints see them. */
  saved(codec: StateCodec<K, S>): SavedPart {
    const cellOf = (state: S): SavedKeyState => [state.number, state.latest, codec.save(state)]
    const isWarm = (key: K): boolean => this.#states.has(key) || this.#older.has(key)
    return {
      ...(codec.paging && {
        page: (cells, watermark) => {
          this.#cold = new ColdKeys(cells, codec, this.#keep, watermark)
        },
        committed: () => {
          if (this.#cold !== undefined) this.#cool(this.#cold, codec)
        },
      }),
      save: (write, which) => {
        if (which === 'all') {
          for (const states of [this.#older, this.#states]) {
            for (const state of states.values()) write(plainKey(state.key), cellOf(state))
          }
          this.#cold?.saveAll(write, isWarm)
          return
        }
        this.#cold?.saveGone(write, this.#changes?.size ?? 0, isWarm)
        this.#changes?.take((state) => {
          if (state.number !== gone) write(plainKey(state.key), cellOf(state))
          else if (this.#cold === undefined) write(plainKey(state.key), undefined)
        })
      },
      load: (key, cell) => {
        const [number, latest, saved] = cell as SavedKeyState
        this.#numbers = Math.max(this.#numbers, number + 1)
        if (this.#cold !== undefined) {
          const pinned = this.#cold.load(key as K, cell as SavedKeyState)
          if (pinned !== undefined) this.#put(pinned)
          return
        }
        codec.count?.(saved)
        const state = codec.load(key as K, saved, latest)
        state.number = number
        this.#put(state)
      },
    }
  }

  /** A state that has to be looked for. */
  #fetched(key: K, cold: ColdKeys<K, S>): S | undefined {
    const older = this.#older.get(key)
    if (older !== undefined) {
      this.#older.delete(key)
      this.#states.set(key, older)
      return older
    }
    const state = cold.take(plainKey(key))
    if (state !== undefined) this.#put(state)
    return state
  }

  /** Lets go of the states that have not been asked for since the last checkpoint but one; the last one has them. */
  #cool(cold: ColdKeys<K, S>, { paging }: StateCodec<K, S>): void {
    const kept = new Map<K, S>()
    for (const [key, state] of this.#older) {
      if (paging?.isPinned?.(state) === true) kept.set(key, state)
      else {
        paging?.letGo?.(state)
        cold.size += 1
      }
    }
    this.#older = this.#states
    this.#states = kept
    this.#sort()
    cold.committed()
  }

  #put(state: S): void {
    this.#states.set(state.key, state)
    this.#queue.push(this.#entryOf(state))
  }

  #forget(state: S): void {
    const { key } = state
    if (!this.#states.delete(key)) this.#older.delete(key)
    state.number = gone
    this.#changes?.note(state)
    this.#cold?.forget(key)
  }

  /** Leaves only the entries of states that are there. */
  #sort(): void {
    const entries: Entry<S>[] = []
    for (const states of [this.#older, this.#states])
      for (const state of states.values()) entries.push(this.#entryOf(state))
    this.#queue = new TinyQueue(entries, byDue)
  }

  #entryOf(state: S): Entry<S> {
    return { state, due: state.latest + this.#keep, number: state.number }
  }
}

/** A map takes -0 for 0, and a store would not. */
function plainKey<K>(key: K): K {
  return Object.is(key, -0) ? (0 as K) : key
}

function byDue(a: Entry<unknown>, b: Entry<unknown>): number {
  return a.due - b.due || a.number - b.number
}
