import { show, TidemarkError } from '../errors.ts'
import { finite } from './finite.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { selector } from './selector.ts'

/** How many numbers lie between bounds. */
export interface Histogram {
  readonly bounds: readonly number[]
  /** Below the first bound; from each bound on and below the next; from the last one on. So there is one more than bounds. */
  readonly counts: readonly number[]
}

/**
 * Counts numbers between bounds; zeros when there are none. Spans are half-open, as windows are: a number equal to a bound
 * counts above it. Holds one count more than there are bounds.
 *
 * @param bounds finite numbers in ascending order, at least one, no two equal
 * @param of what of a value to count; the value itself unless given
 * @throws TidemarkError `invalid-argument` for other bounds, or if `of` is no function, and later for anything but a finite
 * number; `unsupported` when a value is to be taken back from where there is none
 * @example
 * histogram([10, 100, 1_000], (hit: Hit) => hit.millis)
 */
export function histogram(bounds: readonly number[]): FullAggregate<number, number[], Histogram>
export function histogram<T>(bounds: readonly number[], of: (value: T) => number): FullAggregate<T, number[], Histogram>
export function histogram(
  bounds: readonly number[],
  of?: (value: number) => number,
): FullAggregate<number, number[], Histogram> {
  const spans = checkedBounds(bounds)
  const numberOf = selector('histogram', of)
  return {
    name: 'histogram',
    create: () => Array.from({ length: spans.length + 1 }, () => 0),
    add(counts, value) {
      const i = spanOf(finite(numberOf(value), 'histogram'), spans)
      counts[i] = (counts[i] ?? 0) + 1
      return counts
    },
    merge(into, from) {
      for (const [i, count] of from.entries()) into[i] = (into[i] ?? 0) + count
      return into
    },
    result: (counts) => ({ bounds: spans, counts: [...counts] }),
    retract(counts, value) {
      const number = finite(numberOf(value), 'histogram')
      const i = spanOf(number, spans)
      const count = counts[i] ?? 0
      if (count === 0) {
        throw new TidemarkError(
          'unsupported',
          `histogram: expected to take back a value that is there, got ${show(number)}`,
        )
      }
      counts[i] = count - 1
      return counts
    },
  }
}

function checkedBounds(bounds: readonly number[]): readonly number[] {
  const isArray: boolean = Array.isArray(bounds)
  if (!isArray || bounds.length === 0) {
    const got = isArray ? 'none' : show(bounds)
    throw new TidemarkError('invalid-argument', `histogram: expected an array of bounds, got ${got}`)
  }
  let below = -Infinity
  for (const bound of bounds) {
    if (finite(bound, 'histogram') <= below) {
      throw new TidemarkError(
        'invalid-argument',
        `histogram: expected bounds in ascending order, got ${bound} behind ${below}`,
      )
    }
    below = bound
  }
  return Object.freeze([...bounds])
}

/** How many bounds are at or below the number. */
function spanOf(number: number, bounds: readonly number[]): number {
  let from = 0
  let until = bounds.length
  while (from < until) {
    const middle = (from + until) >>> 1
    if ((bounds[middle] ?? Infinity) <= number) from = middle + 1
    else until = middle
  }
  return from
}
