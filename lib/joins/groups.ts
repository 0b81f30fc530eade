import type { Combination } from './combination.ts'
import type { Joined } from './joined.ts'

/** All values of a window and key, as one row. */
export function groups<L, R>(): Combination<L, R, Joined<readonly L[], readonly R[]>> {
  return {
    rightLimit: Infinity,
    rows: () => 1,
    row: ({ left, right }) => ({ left, right }),
  }
}
