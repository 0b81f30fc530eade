/** What a join gives: a value of each side. Where a side may be missing, its type has `undefined`. */
export interface Joined<L, R> {
  readonly left: L
  readonly right: R
}
