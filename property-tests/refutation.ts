import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'fast-check'

/** Both sides of what should agree. */
export interface Sides {
  readonly actual: readonly unknown[]
  readonly expected: readonly unknown[]
}

/** Thrown by a law that does not hold. */
export class Refutation extends Error {
  override readonly name = 'Refutation'
  readonly sides: Sides | undefined

  constructor(message: string, sides?: Sides) {
    super(message)
    this.sides = sides
  }
}

/**
 * Throws unless two lists are equal, and says where they part.
 *
 * @param expectation what was expected, for the message: `the final result of the events in time order`
 */
export function agree(expectation: string, actual: readonly unknown[], expected: readonly unknown[]): void {
  const at = firstDifference(actual, expected)
  if (at === undefined) return
  const message = `expected ${expectation}; at ${at}: expected ${shown(expected, at)}, got ${shown(actual, at)}`
  throw new Refutation(message, { actual, expected })
}

/** Throws that a law does not hold. */
export function refute(message: string): never {
  throw new Refutation(message)
}

/** Where two lists part; `undefined` if they don't. */
export function firstDifference(a: readonly unknown[], b: readonly unknown[]): number | undefined {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (i >= a.length || i >= b.length || !isDeepStrictEqual(a[i], b[i])) return i
  }
  return undefined
}

function shown(list: readonly unknown[], at: number): string {
  return at < list.length ? stringify(list[at]) : 'nothing more'
}
