import type { Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import { type CellEntries, type CellOwner, Entries } from './entries.ts'
import type { KeyedLogic } from './keyed-logic.ts'
import { KeyedState } from './keyed-state.ts'
import type { KeyedTurn } from './keyed-turn.ts'
import { MapCell } from './map-cell.ts'

/** Settings of a `deduplicate`, validated. */
export interface SeenSettings<T> {
  readonly idOf: (value: T) => unknown
  /** ms */
  readonly within: number
}

/** The ids of a key, with the times of the events that have passed. */
export class SeenState<K> extends KeyedState<K> implements CellOwner {
  size = 0
  readonly ids: MapCell<unknown, readonly number[]>

  constructor(key: K, time: number, ttl: number, entries: CellEntries) {
    super(key, time)
    this.ids = new MapCell(this, ttl, entries)
  }
}

/** Lets events pass unless one of the same id that is near them in time has passed. */
export class SeenLogic<T, K, P> implements KeyedLogic<Event<T, K, P>, K, SeenState<K>> {
  private readonly settings: SeenSettings<T>
  private readonly turn: KeyedTurn<Event<T, K, P>, SeenState<K>>
  private readonly late: SideWriter<Event<T, K, P>> | undefined
  private readonly duplicates: SideWriter<Event<T, K, P>> | undefined
  private readonly seen: Entries<SeenState<K>>

  constructor(
    settings: SeenSettings<T>,
    turn: KeyedTurn<Event<T, K, P>, SeenState<K>>,
    late: SideWriter<Event<T, K, P>> | undefined,
    duplicates: SideWriter<Event<T, K, P>> | undefined,
  ) {
    this.settings = settings
    this.turn = turn
    this.late = late
    this.duplicates = duplicates
    this.seen = new Entries(turn)
  }

  create(key: K, time: number): SeenState<K> {
    // Still there when the watermark is exactly `within` beyond.
    return new SeenState(key, time, this.settings.within + 1, this.seen)
  }

  onEvent(cause: Event<T, K, P>, { ids }: SeenState<K>): void {
    const { within } = this.settings
    const { time } = cause
    const id = this.idOf(cause.value)
    const times = ids.get(id)?.filter((passed) => passed + within >= this.turn.reached) ?? []
    if (times.some((passed) => Math.abs(passed - time) <= within)) {
      this.turn.leaveOut()
      this.duplicates?.write(cause)
    } else if (time < this.turn.reached) {
      // One that has passed may have been forgotten.
      this.turn.refuseLate()
      this.late?.write(cause)
    } else {
      ids.set(id, [...times, time])
      this.turn.send(cause)
    }
  }

  isEmpty({ size }: SeenState<K>): boolean {
    return size === 0
  }

  free({ ids }: SeenState<K>): void {
    ids.clear()
  }

  expireOne(time: number, onExpired: (state: SeenState<K>) => void): boolean {
    return this.seen.expireOne(time, onExpired)
  }

  save({ ids }: SeenState<K>): unknown {
    return ids.save()
  }

  load({ ids }: SeenState<K>, saved: unknown): void {
    ids.load(saved, (at) => at)
  }

  entries(): number {
    return this.seen.size
  }

  private idOf(value: T): unknown {
    const id = this.settings.idOf(value)
    if ((typeof id !== 'object' || id === null) && typeof id !== 'function') return id
    throw new TidemarkError(
      'invalid-key',
      `expected an id that is a text, number or other primitive value, got ${show(id)}`,
    )
  }
}
