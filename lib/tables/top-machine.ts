import { comparable, type Comparable } from '../aggregates/extreme.ts'
import { isEqual } from '../aggregates/is-equal.ts'
import { type KeyedCell, SavedMap } from '../checkpoint/saved-map.ts'
import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { type Diff, event, type Event } from '../element.ts'
import { oneChange, type Unsettled } from '../wiring/one-change.ts'
import { refuseSecond, rowOf } from '../joins/row-of.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { type Contender, Ranking } from './ranking.ts'

/** A row at its place in a ranking. */
export interface RankedRow<T, K> {
  /** From 1, which is the largest. */
  readonly rank: number
  /** The key of the row. */
  readonly key: K
  readonly value: T
}

/** Settings of a `topN`, validated. */
export interface TopSettings<T, G> {
  readonly n: number
  readonly by: (value: T) => Comparable
  readonly of: (value: T) => G
}

type RowChange<T, K> = Event<T, K, unknown, Diff>
type RankChange<T, K, G> = Event<RankedRow<T, K>, G, undefined, Diff>

interface Group<T, K, G> extends KeyedCell<G> {
  readonly rows: Ranking<T, K>
  /** What has been said of each rank, from the first on. */
  said: RankChange<T, K, G>[]
  /** The best rank that may be another one's since. */
  changedFrom: number
}

interface Placed<T, K, G> extends KeyedCell<K> {
  readonly contender: Contender<T, K>
  readonly group: Group<T, K, G>
}

/** Number, value and time. */
type SavedRow<T> = readonly [number, T, number]

/** Key and value of the row of each rank, and the time at which it was said. */
type SavedRanks<T, K> = readonly (readonly [K, T, number])[]

/** Ranks the rows of a table, and says of each change what has become of the first ranks. */
export class TopMachine<T, K, G> implements Machine<RowChange<T, K>>, Unsettled {
  private readonly settings: TopSettings<T, G>
  private readonly context: OperatorContext<RankChange<T, K, G>>
  readonly saved: SavedState
  private readonly rows: SavedMap<K, Placed<T, K, G>>
  private readonly groups: SavedMap<G, Group<T, K, G>>
  private readonly changed = new Set<Group<T, K, G>>()
  /** The time of the change at hand. */
  private time = -Infinity
  private numbers = 0
  private contributedEvents = 0

  constructor(settings: TopSettings<T, G>, context: OperatorContext<RankChange<T, K, G>>) {
    this.settings = settings
    this.context = context
    this.rows = new SavedMap(context.dirty)
    this.groups = new SavedMap(context.dirty)
    this.saved = savedParts(1, {
      rows: this.rows.saved({
        save: ({ contender: { row, number } }): SavedRow<T> => [number, row.value, row.time],
        load: (key, saved) => this.loadRow(key, saved as SavedRow<T>),
      }),
      groups: this.groups.saved({
        save: ({ said }): SavedRanks<T, K> => said.map(({ value: { key, value }, time }) => [key, value, time]),
        load: (name, saved) => this.loadGroup(name, saved as SavedRanks<T, K>),
      }),
    })
  }

  onEvent(cause: RowChange<T, K>): void {
    // The end of the input has freed the table.
    if (this.context.watermark === Infinity) {
      this.context.counters.late += 1
      return
    }
    oneChange.make(() => {
      if (cause.diff === 1) this.add(cause)
      else this.remove(cause)
      this.time = cause.time
    })
  }

  onWatermark(time: number): boolean {
    if (time < Infinity) return true
    this.contributedEvents += this.rows.size
    this.rows.clear()
    this.groups.clear()
    return true
  }

  held(): number {
    return this.rows.size
  }

  /** Rows, and rankings. */
  entries(): number {
    return this.rows.size + this.groups.size
  }

  contributed(): number {
    return this.contributedEvents
  }

  settle(): void {
    const changes = [...this.changed].flatMap((group) => this.changesOf(group))
    this.changed.clear()
    // What was said is complete before anything leaves, which may come back as an event.
    for (const change of changes) this.context.emit(change)
  }

  private add(cause: RowChange<T, K>): void {
    const { key, value } = cause
    if (this.rows.get(key) !== undefined) refuseSecond(value)
    const placed = this.place(cause, this.numbers++)
    placed.group.rows.add(placed.contender)
    this.change(placed.group, placed.contender)
    this.rows.add(placed)
  }

  private place(row: RowChange<T, K>, number: number): Placed<T, K, G> {
    const by = comparable(this.settings.by(row.value), 'topN')
    const group = this.groupOf(this.settings.of(row.value))
    return { key: row.key, contender: { row, by, number }, group, isChanged: false }
  }

  private loadRow(key: K, [number, value, time]: SavedRow<T>): Placed<T, K, G> {
    const placed = this.place(event<T, K, undefined, Diff>(value, time, key), number)
    placed.group.rows.add(placed.contender)
    this.numbers = Math.max(this.numbers, number + 1)
    return placed
  }

  private loadGroup(name: G, ranks: SavedRanks<T, K>): Group<T, K, G> {
    const group = this.groupOf(name)
    group.said = ranks.map(([key, value, time], i) => event({ rank: i + 1, key, value }, time, name))
    return group
  }

  private remove(cause: RowChange<T, K>): void {
    const placed = this.rows.get(cause.key)
    const found = rowOf(placed, placed?.contender.row, cause)
    this.rows.remove(found)
    found.group.rows.remove(found.contender)
    this.change(found.group, found.contender)
    this.contributedEvents += 2
  }

  private change(group: Group<T, K, G>, contender: Contender<T, K>): void {
    const place = group.rows.countBefore(contender, this.settings.n)
    if (place === this.settings.n) return
    if (this.changed.size === 0) oneChange.whenComplete(this)
    this.changed.add(group)
    group.changedFrom = Math.min(group.changedFrom, place)
  }

  private groupOf(name: G): Group<T, K, G> {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    const group = { key: name, rows: new Ranking<T, K>(), said: [], changedFrom: Infinity, isChanged: false }
    this.groups.add(group)
    return group
  }

  /** Ranks that are taken back, and then those that are given. */
  private changesOf(group: Group<T, K, G>): RankChange<T, K, G>[] {
    const { key: name, rows, said } = group
    const { n } = this.settings
    const taken: RankChange<T, K, G>[] = []
    const given: RankChange<T, K, G>[] = []
    const now = said.slice(0, group.changedFrom)
    for (let place = group.changedFrom; place < Math.min(n, Math.max(rows.size, said.length)); place++) {
      const before = said[place]
      const row = rows.at(place)?.row
      if (before !== undefined && row !== undefined && isSame(before.value, row)) {
        now.push(before)
        continue
      }
      if (before !== undefined) taken.push(event(before.value, before.time, name, -1))
      if (row === undefined) continue
      const { key, value } = row
      const after = event<RankedRow<T, K>, G, undefined, Diff>({ rank: place + 1, key, value }, this.time, name)
      given.push(after)
      now.push(after)
    }
    group.said = now
    group.changedFrom = Infinity
    if (rows.size === 0) this.groups.remove(group)
    else this.groups.touch(group)
    return [...taken, ...given]
  }
}

function isSame<T, K>(said: RankedRow<T, K>, row: RowChange<T, K>): boolean {
  return Object.is(said.key, row.key) && isEqual(said.value, row.value)
}
