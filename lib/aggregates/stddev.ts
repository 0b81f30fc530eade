import type { FullAggregate } from './full-aggregate.ts'
import { addNumber, mergeMoments, type Moments, noMoments, type SpreadOptions, varianceOf } from './moments.ts'
import { selector } from './selector.ts'

/**
 * Measures how far numbers spread in their own unit: the standard deviation, the square root of `variance`. `undefined` when
 * there are none, and for a sample when there is but one. As exact as `variance`. Holds a few numbers.
 *
 * @param of what of a value to take; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function, and later for anything but a finite number of at most 1.3e154
 * in magnitude
 * @example
 * stddev((hit: Hit) => hit.millis)
 */
export function stddev(of?: undefined, options?: SpreadOptions): FullAggregate<number, Moments, number | undefined>
export function stddev<T>(
  of: (value: T) => number,
  options?: SpreadOptions,
): FullAggregate<T, Moments, number | undefined>
export function stddev(
  of?: (value: number) => number,
  { sample = false }: SpreadOptions = {},
): FullAggregate<number, Moments, number | undefined> {
  const numberOf = selector('stddev', of)
  return {
    name: 'stddev',
    create: noMoments,
    add: (moments, value) => addNumber(moments, numberOf(value), 'stddev'),
    merge: (into, from) => mergeMoments(into, from, 'stddev'),
    result(moments) {
      const variance = varianceOf(moments, sample, 'stddev')
      return variance === undefined ? undefined : Math.sqrt(variance)
    },
    retract: (moments, value) => addNumber(moments, numberOf(value), 'stddev', -1),
  }
}
