import type { FullAggregate } from './full-aggregate.ts'
import { addNumber, mergeMoments, type Moments, noMoments, type SpreadOptions, varianceOf } from './moments.ts'
import { selector } from './selector.ts'

/**
 * Measures how far numbers spread: the mean of the squares of their distances from their mean. `undefined` when there are none,
 * and for a sample when there is but one. As exact as `sum`: it does not depend on the order of arrival, and numbers that are
 * large and close together lose no digits. Holds a few numbers.
 *
 * @param of what of a value to take; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function, and later for anything but a finite number of at most 1.3e154
 * in magnitude
 * @example
 * variance((hit: Hit) => hit.millis, { sample: true })
 */
export function variance(of?: undefined, options?: SpreadOptions): FullAggregate<number, Moments, number | undefined>
export function variance<T>(
  of: (value: T) => number,
  options?: SpreadOptions,
): FullAggregate<T, Moments, number | undefined>
export function variance(
  of?: (value: number) => number,
  { sample = false }: SpreadOptions = {},
): FullAggregate<number, Moments, number | undefined> {
  const numberOf = selector('variance', of)
  return {
    name: 'variance',
    create: noMoments,
    add: (moments, value) => addNumber(moments, numberOf(value), 'variance'),
    merge: (into, from) => mergeMoments(into, from, 'variance'),
    result: (moments) => varianceOf(moments, sample, 'variance'),
    retract: (moments, value) => addNumber(moments, numberOf(value), 'variance', -1),
  }
}
