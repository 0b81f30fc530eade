import type { FieldKinds } from '../../adapters/format/parser.ts'
import type { Columns } from '../../adapters/records/columns.ts'
import { SliceGroups } from '../../lib/subtotals/slice-groups.ts'
import type { Subtotal } from '../../lib/subtotals/subtotal.ts'
import { sums } from '../../lib/subtotals/subtotaller.ts'
import type { WindowSeries } from '../../lib/window.ts'
import type { Key } from '../../operators/key-by.ts'
import type { FieldAggregate, Reading } from '../aggregates.ts'
import type { Fields, SeenField } from '../field.ts'
import { ColumnAggregate } from './column-aggregate.ts'
import { ColumnField } from './column-field.ts'
import { ColumnList } from './column-list.ts'
import { ColumnKeys } from './column-keys.ts'
import type { NewValues } from './range.ts'

/** What columns are added up by. */
export interface ColumnPlan {
  /** What the columns are, in their order. */
  readonly kinds: FieldKinds
  /** The one of the event time, epoch ms. */
  readonly time: string
  readonly by: readonly string[]
  readonly aggregates: readonly FieldAggregate[]
  readonly series: WindowSeries
  /** How far the watermark stays behind the highest event time, ms. */
  readonly delay: number
}

/** Adds up the columns of ranges: the same as `RecordTaker` with a `SliceSubtotaller`, without records. */
export class ColumnTaker {
  readonly #plan: ColumnPlan
  readonly #timeColumn: number
  readonly #keys: ColumnKeys
  readonly #names: readonly string[]
  readonly #aggregates: readonly (ColumnAggregate | ColumnList)[]
  /** Those that read the field of a name, in the order in which an `Aggregation` asks for its fields. */
  readonly #fields = new Map<string, ColumnField[]>()
  #groups: SliceGroups<Key>
  /** The group of each row at hand, -1 for one that is in none. */
  #rows = new Int32Array()
  #untimed = 0

  constructor(plan: ColumnPlan) {
    const { kinds, time, by, aggregates, series, delay } = plan
    this.#plan = plan
    this.#names = Object.keys(kinds)
    this.#timeColumn = this.#names.indexOf(time)
    this.#keys = new ColumnKeys(by.map((name) => this.#field(name, 'scalar')))
    this.#aggregates = aggregates.map((aggregate) => {
      const { field, reading } = aggregate
      if (reading !== 'none') {
        const hasDictionary = kinds[field] === 'text' || kinds[field] === 'value'
        const own = this.#field(field, reading)
        return aggregate.isOfLists && hasDictionary ? new ColumnList(own) : new ColumnAggregate(aggregate, own)
      }
      // It has a place among the fields all the same.
      if (!this.#fields.has(field)) this.#fields.set(field, [])
      return new ColumnAggregate(aggregate, undefined)
    })
    this.#groups = new SliceGroups(series, delay)
  }

  /**
   * Takes the rows of a block.
   *
   * @returns whether all of them were in time: once one was not, there are no subtotals of the range
   */
  add(columns: Columns): boolean {
    const { rows } = columns
    const times = columns.cells[this.#timeColumn]
    if (!(times instanceof Float64Array)) throw new Error('no times')
    if (this.#rows.length < rows) this.#rows = new Int32Array(rows)
    this.#keys.begin(columns)
    const isInTime = this.#group(rows, times)
    // Also of rows that nothing is to become of: what joins the dictionaries does so once.
    for (const aggregate of this.#aggregates) aggregate.add(columns, times, this.#rows, this.#groups.keys.length)
    return isInTime
  }

  /** What has become of the rows. */
  take(): { readonly subtotals: readonly Subtotal<Key, Fields>[]; readonly end: number; readonly untimed: number } {
    const groups = this.#groups
    const untimed = this.#untimed
    const accumulators = this.#aggregates.map((aggregate) => aggregate.take())
    const [only = []] = accumulators
    const subtotals = sums(groups, (group) =>
      accumulators.length === 1 ? only[group] : accumulators.map((each) => each[group]),
    )
    this.#groups = new SliceGroups(this.#plan.series, this.#plan.delay)
    this.#keys.clear()
    this.#untimed = 0
    return { subtotals, end: groups.end, untimed }
  }

  /** What the numbers in lists stand for, as far as nobody has been told. */
  takeValues(): readonly NewValues[] {
    const isOnly = this.#aggregates.length === 1
    return this.#aggregates.flatMap((each, aggregate) =>
      each instanceof ColumnList ? { aggregate: isOnly ? undefined : aggregate, ...each.takeValues() } : [],
    )
  }

  /** What is known of the fields. */
  seen(): readonly Omit<SeenField, 'others'>[] {
    return [...this.#fields.values()].map((fields) => {
      const seen = fields.map((field) => field.take())
      return {
        // Nobody has looked for what is not read.
        isSeen: seen.length === 0 || seen.some(({ isSeen }) => isSeen),
        notNumbers: seen.reduce((sum, { notNumbers }) => sum + notNumbers, 0),
      }
    })
  }

  /** Finds the groups of rows, up to the first that is not in time. */
  #group(rows: number, times: Float64Array): boolean {
    const groups = this.#groups
    const into = this.#rows
    let row = 0
    while (row < rows) {
      const time = times[row] ?? Number.NaN
      if (!Number.isSafeInteger(time)) {
        into[row] = -1
        row += 1
        this.#untimed += 1
      } else if (groups.turnTo(time)) {
        const until = this.#endOfSlice(row, rows, times)
        this.#keys.find(groups, times, row, until, into)
        row = until
      } else {
        into.fill(-1, row, rows)
        return false
      }
    }
    return true
  }

  /** Behind the rows that are one behind the other in the slice at hand. */
  #endOfSlice(from: number, rows: number, times: Float64Array): number {
    const { start, end } = this.#groups.slice
    let highest = -Infinity
    let row = from
    for (; row < rows; row++) {
      const time = times[row] ?? Number.NaN
      // Neither is so of what is no number.
      if (!(time >= start && time < end)) break
      if (time > highest) highest = time
    }
    this.#groups.raise(highest)
    return row
  }

  #field(name: string, reading: Exclude<Reading, 'none'>): ColumnField {
    const field = new ColumnField(this.#names.indexOf(name), reading)
    const known = this.#fields.get(name)
    if (known === undefined) this.#fields.set(name, [field])
    else known.push(field)
    return field
  }
}
