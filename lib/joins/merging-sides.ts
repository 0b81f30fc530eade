import { appended, Sides } from './sides.ts'

/** Values and numbers of the left side and of the right one, time of the latest in a window without an end. */
export type SavedSides<L, R> = readonly [L[], number[], R[], number[], number | undefined]

/** The values of both sides in a window that merges with others: their numbers tell which came first. */
export class MergingSides<L, R, K> extends Sides<L, R, K> {
  private leftNumbers: number[] = []
  private rightNumbers: number[] = []

  /** Adds a value as `add` does; `number` counts the values of all windows in the order of arrival. */
  addNumbered(value: L | R, input: number, number: number): void {
    this.add(value, input)
    if (input === 0) this.leftNumbers = appended(this.leftNumbers, number)
    else this.rightNumbers = appended(this.rightNumbers, number)
  }

  /** Both sides in plain data. */
  saved(): SavedSides<L, R> {
    return [this.left, this.leftNumbers, this.right, this.rightNumbers, this.latest]
  }

  /** Takes back what another one has saved; returns how many values have come until then at least. */
  load([left, leftNumbers, right, rightNumbers, latest]: SavedSides<L, R>): number {
    this.left = left
    this.leftNumbers = leftNumbers
    this.right = right
    this.rightNumbers = rightNumbers
    this.latest = latest
    return Math.max(leftNumbers.at(-1) ?? -1, rightNumbers.at(-1) ?? -1) + 1
  }

  /** Takes the values of another window in, which is used up by that. */
  merge(other: MergingSides<L, R, K>): void {
    // Into the longer one, because a session that has lasted may merge with many short ones.
    if (this.left.length < other.left.length) {
      ;[this.left, other.left] = [other.left, this.left]
      ;[this.leftNumbers, other.leftNumbers] = [other.leftNumbers, this.leftNumbers]
    }
    if (this.right.length < other.right.length) {
      ;[this.right, other.right] = [other.right, this.right]
      ;[this.rightNumbers, other.rightNumbers] = [other.rightNumbers, this.rightNumbers]
    }
    insert(this.left, this.leftNumbers, other.left, other.leftNumbers)
    insert(this.right, this.rightNumbers, other.right, other.rightNumbers)
    if (other.latest !== undefined) this.seen(other.latest)
  }
}

/** Inserts values by their numbers, from the end, so that nothing is moved that came before all of them. */
function insert<T>(values: T[], numbers: number[], more: readonly T[], moreNumbers: readonly number[]): void {
  let from = values.length - 1
  let next = more.length - 1
  for (const [i, value] of more.entries()) {
    values.push(value)
    numbers.push(moreNumbers[i] as number)
  }
  for (let to = values.length - 1; next >= 0; to--) {
    const isMoved = from >= 0 && (numbers[from] as number) > (moreNumbers[next] as number)
    values[to] = (isMoved ? values[from] : more[next]) as T
    numbers[to] = (isMoved ? numbers[from] : moreNumbers[next]) as number
    if (isMoved) from -= 1
    else next -= 1
  }
}
