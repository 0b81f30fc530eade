import type { PagedCells } from '../checkpoint/paged-cells.ts'
import type { KeyState, SavedKeyState, StateCodec } from './key-state.ts'

/** How much more of the store is looked through at a checkpoint than has changed since the last one. */
const sweepFactor = 2
const leastSwept = 16

/** The keys whose states are not in memory but with the last checkpoint: how many there are, and which of its cells do not count any more. */
export class ColdKeys<K, S extends KeyState<K>> {
  /** How many there are. */
  size = 0
  readonly #cells: PagedCells
  readonly #codec: StateCodec<K, S>
  readonly #keep: number
  /** The watermark that keys have expired by. */
  #watermark: number
  /** Those whose cell in the checkpoint does not count any more. */
  readonly #gone = new Set<K>()
  /** Where the search for what has expired goes on. */
  #swept: { readonly key: unknown } | undefined

  constructor(cells: PagedCells, codec: StateCodec<K, S>, keep: number, watermark: number) {
    this.#cells = cells
    this.#codec = codec
    this.#keep = keep
    this.#watermark = watermark
  }

  /** Keys expire as time goes on; one that is cold is seen to have done so when it is asked for, or comes upon. */
  advance(watermark: number): void {
    if (watermark > this.#watermark) this.#watermark = watermark
  }

  /** The state of a key, which is cold no more. */
  take(key: K): S | undefined {
    if (this.#hasEnded || this.#gone.has(key)) return undefined
    const cell = this.#cells.get(key) as SavedKeyState | undefined
    return cell === undefined ? undefined : this.#warmed(key, cell)
  }

  /** The cell of a key does not count any more. */
  forget(key: K): void {
    this.#gone.add(key)
  }

  /** Hands over the keys whose cells in the checkpoint do not count any more. Looks through a part of it for those that have expired. */
  saveGone(write: (key: unknown, cell: unknown) => void, changed: number, isWarm: (key: K) => boolean): void {
    this.#sweep(sweepFactor * changed + leastSwept, isWarm)
    for (const key of this.#gone) write(key, undefined)
  }

  /** Hands over the cells of all that are cold. */
  saveAll(write: (key: unknown, cell: unknown) => void, isWarm: (key: K) => boolean): void {
    for (const [key, cell] of this.#all()) if (!this.#gone.has(key as K) && !isWarm(key as K)) write(key, cell)
  }

  /** The checkpoint is without what does not count any more. */
  committed(): void {
    this.#gone.clear()
  }

  /** Brings what an earlier run has left; its state if it has to be in memory. */
  load(key: K, cell: SavedKeyState): S | undefined {
    if (this.#hasEnded) return undefined
    this.size += 1
    this.#codec.count?.(cell[2])
    if (this.#codec.paging?.isPinned === undefined || this.#hasExpired(cell)) return undefined
    const state = this.#stateOf(key, cell)
    if (this.#codec.paging.isPinned(state)) {
      this.size -= 1
      return state
    }
    this.#codec.paging.letGo?.(state)
    return undefined
  }

  #warmed(key: K, cell: SavedKeyState): S | undefined {
    this.size -= 1
    if (this.#hasExpired(cell)) {
      this.#end(key, cell)
      return undefined
    }
    const state = this.#stateOf(key, cell)
    if (this.#codec.paging?.isSpent?.(state) !== true) return state
    this.#end(key, cell)
    return undefined
  }

  #end(key: K, [, , saved]: SavedKeyState): void {
    this.#codec.paging?.expire?.(saved)
    this.#gone.add(key)
  }

  #sweep(count: number, isWarm: (key: K) => boolean): void {
    // What is kept for ever expires when the input ends, and that is its own end.
    if (this.#hasEnded || (this.#keep === Number.MAX_VALUE && this.#codec.paging?.isSpent === undefined)) return
    const cells = this.#cells.from(this.#swept, count)
    for (const [at, cell] of cells) {
      const key = at as K
      if (this.#gone.has(key) || isWarm(key)) continue
      const state = this.#warmed(key, cell as SavedKeyState)
      if (state === undefined) continue
      this.#codec.paging?.letGo?.(state)
      this.size += 1
    }
    const last = cells.at(-1)
    this.#swept = last === undefined || cells.length < count ? undefined : { key: last[0] }
  }

  *#all(): Generator<readonly [unknown, unknown]> {
    const count = 1_024
    for (let at: { readonly key: unknown } | undefined; ;) {
      const cells = this.#cells.from(at, count)
      // The first one has been given before.
      yield* at === undefined ? cells : cells.slice(1)
      const last = cells.at(-1)
      if (last === undefined || cells.length < count) return
      at = { key: last[0] }
    }
  }

  /** The input has ended, and so have all keys: they are counted at once, and their cells are left where they are. */
  get #hasEnded(): boolean {
    return this.#watermark === Infinity
  }

  #hasExpired([, latest]: SavedKeyState): boolean {
    return latest + this.#keep < this.#watermark
  }

  #stateOf(key: K, [number, latest, saved]: SavedKeyState): S {
    const state = this.#codec.load(key, saved, latest)
    state.number = number
    return state
  }
}
