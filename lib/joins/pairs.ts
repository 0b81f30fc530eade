import type { Combination } from './combination.ts'
import type { Joined } from './joined.ts'
import type { Sides } from './sides.ts'

/** What a window gives for the events of a key that have none beside them on the other side. */
export type WindowJoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'

/**
 * What a join of a kind gives: pairs, in which the side that may be missing is `undefined`, or, of `semi` and `anti`, left
 * values.
 */
export type WindowJoined<J extends WindowJoinKind, L, R> = J extends 'semi' | 'anti'
  ? L
  : Joined<J extends 'right' | 'full' ? L | undefined : L, J extends 'left' | 'full' ? R | undefined : R>

/** How many rows come of so many values on each side. */
const counts: Readonly<Record<WindowJoinKind, (left: number, right: number) => number>> = {
  inner: (left, right) => left * right,
  left: (left, right) => left * Math.max(right, 1),
  right: (left, right) => Math.max(left, 1) * right,
  full: (left, right) => Math.max(left, 1) * Math.max(right, 1),
  semi: (left, right) => (right > 0 ? left : 0),
  anti: (left, right) => (right > 0 ? 0 : left),
}

/** The kinds of joins. */
export const windowJoinKinds: readonly WindowJoinKind[] = Object.keys(counts) as WindowJoinKind[]

/** The rows of a join: for each left value, in order, each right one. */
export function pairs<L, R, J extends WindowJoinKind>(kind: J): Combination<L, R, WindowJoined<J, L, R>> {
  const count = counts[kind]
  const isLeftOnly = kind === 'semi' || kind === 'anti'
  return {
    // One is enough to know that there is any.
    rightLimit: isLeftOnly ? 1 : Infinity,
    rows: ({ left, right }) => count(left.length, right.length),
    // What a kind does not give is not asked for: no row has a side missing that its type does not say.
    row: (isLeftOnly ? leftAt : pairAt) as Combination<L, R, WindowJoined<J, L, R>>['row'],
  }
}

function leftAt<L, R>({ left }: Sides<L, R, unknown>, number: number): L | undefined {
  return left[number]
}

function pairAt<L, R>({ left, right }: Sides<L, R, unknown>, number: number): Joined<L | undefined, R | undefined> {
  // A side without values counts as one that is missing.
  const width = Math.max(right.length, 1)
  return { left: left[Math.floor(number / width)], right: right[number % width] }
}
