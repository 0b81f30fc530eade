import type { Columns } from '../../adapters/records/columns.ts'
import type { ColumnField } from './column-field.ts'
import type { NewValues } from './range.ts'

/** Different values with which a list of them is due to begin anew. */
const manyValues = 2 ** 16

/**
 * Lists the values of a column by groups, as numbers: for an aggregate that looks for values which it has not seen, that is all there is to do
 * before groups come together, and numbers cross from one thread to another at no cost.
 */
export class ColumnList {
  readonly #field: ColumnField
  /** By group. */
  #lists: NumberList[] = []
  /**
   * By number in the dictionary, side by side because they are looked at together: the group that the value was listed in last, and 1 more;
   * and the number that it has here, and 1 more. 0 for none; -1 for a value that is not read.
   */
  #known = new Int32Array()
  /** Values that have a number here and have not been handed out, and how many there were before. */
  #values: unknown[] = []
  #before = 0
  #isFresh = true

  constructor(field: ColumnField) {
    this.#field = field
  }

  /** Adds rows, as `ColumnAggregate` does. */
  add(columns: Columns, _times: Float64Array, groups: Int32Array, count: number): void {
    while (this.#lists.length < count) this.#lists.push(new NumberList())
    const field = this.#field
    if (field.begin(columns)) this.#known.fill(0)
    if (this.#known.length < 2 * field.size) this.#known = enlarged(this.#known, 4 * field.size)
    const cells = field.numbers ?? new Int32Array()
    const known = this.#known
    let listed: NumberList | undefined
    let group = -1
    for (let row = 0; row < columns.rows; row++) {
      const cell = cells[row] ?? -1
      const own = groups[row] ?? -1
      if (own < 0 || cell < 0 || known[2 * cell] === own + 1) continue
      const before = known[2 * cell + 1] ?? 0
      const number = before === 0 ? this.#numberOf(row, cell) : before
      if (number < 0) continue
      known[2 * cell] = own + 1
      if (own !== group) listed = this.#lists[(group = own)]
      listed?.add(number - 1)
    }
    if (listed !== undefined) field.see()
  }

  /** The numbers of values by group; the next groups are others. */
  take(): readonly Int32Array[] {
    const lists = this.#lists.map((list) => list.take())
    this.#lists = []
    const known = this.#known
    for (let i = 0; i < known.length; i += 2) known[i] = 0
    return lists
  }

  /** What the numbers stand for, as far as nobody has been told. */
  takeValues(): Omit<NewValues, 'aggregate'> {
    const made = { isFresh: this.#isFresh, values: this.#values }
    this.#before += this.#values.length
    this.#values = []
    this.#isFresh = this.#before >= manyValues
    if (this.#isFresh) {
      this.#before = 0
      this.#known.fill(0)
    }
    return made
  }

  /** Looks at a value for the first time. */
  #numberOf(row: number, cell: number): number {
    const value = this.#field.at(row)
    const number = value === undefined ? -1 : this.#before + this.#values.push(value)
    this.#known[2 * cell + 1] = number
    return number
  }
}

/** Numbers that become more. */
class NumberList {
  #numbers = new Int32Array(16)
  #size = 0

  add(number: number): void {
    if (this.#size === this.#numbers.length) this.#numbers = enlarged(this.#numbers, 2 * this.#size)
    this.#numbers[this.#size++] = number
  }

  take(): Int32Array {
    return this.#numbers.slice(0, this.#size)
  }
}

function enlarged(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(numbers)
  return larger
}
