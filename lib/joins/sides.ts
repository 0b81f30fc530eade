/** The values of a key in a window that two streams share, those of each side in the order of arrival. */
export class Sides<L, R, K> {
  readonly key: K
  left: L[] = []
  right: R[] = []
  /** Time of the latest value in a window without an end. */
  latest: number | undefined = undefined

  constructor(key: K) {
    this.key = key
  }

  /** Adds a value; `input` says of which side it is, 0 for the left one. */
  add(value: L | R, input: number): void {
    if (input === 0) this.left = appended(this.left, value as L)
    else this.right = appended(this.right, value as R)
  }

  /** Says when there was a value in a window without an end. */
  seen(time: number): void {
    this.latest = this.latest === undefined ? time : Math.max(this.latest, time)
  }
}

/** The values with one more. An array that `push` makes of an empty one has room for 17, and most windows of a key are small. */
export function appended<T>(values: T[], value: T): T[] {
  if (values.length === 0) return [value]
  values.push(value)
  return values
}
