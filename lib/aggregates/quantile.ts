import { show, TidemarkError } from '../errors.ts'
import { finite } from './finite.ts'
import type { FullAggregate } from './full-aggregate.ts'
import {
  addToSketch,
  type Buckets,
  bucketsOf,
  emptySketch,
  mergeSketches,
  numberAt,
  type QuantileSketch,
} from './quantile-sketch.ts'
import { selector } from './selector.ts'

/** How good a quantile has to be. */
export interface QuantileOptions {
  /** The largest relative error, from 0.0001 to 0.5; 0.01 unless given. */
  readonly accuracy?: number
}

/** For several quantiles a number each, in their order. */
export type Quantiles<Q extends readonly number[]> = { -readonly [I in keyof Q]: number | undefined }

/**
 * Finds the number below which a part of the numbers lies: 0.5 is the median, 0.99 the 99th percentile, 0 the least and 1 the
 * largest; `undefined` when there are none. Of n numbers in ascending order it is the one with q * (n - 1) before it, rounded
 * down, and what comes out is off by the accuracy at most: with 0.01, between 99 and 101 for 100. Negative numbers and zeros are
 * taken as any others.
 *
 * Holds a counter for each bucket that is not empty. Their bounds grow by 2 % for an accuracy of 0.01, so that 1,400 cover
 * the times from a microsecond to ten days. In any order, merged in any way, the result is the same.
 *
 * @param q a number from 0 to 1, or several in an array
 * @param of what of a value to take; the value itself unless given
 * @throws TidemarkError `invalid-argument` for any other `q` or accuracy, or if `of` is no function, and later for anything but
 * a finite number; `unsupported` when a value is to be taken back that can't be there
 * @example
 * quantile([0.5, 0.99], (hit: Hit) => hit.millis)
 */
export function quantile(
  q: number,
  of?: undefined,
  options?: QuantileOptions,
): FullAggregate<number, QuantileSketch, number | undefined>
export function quantile<T>(
  q: number,
  of: (value: T) => number,
  options?: QuantileOptions,
): FullAggregate<T, QuantileSketch, number | undefined>
export function quantile<const Q extends readonly number[]>(
  q: Q,
  of?: undefined,
  options?: QuantileOptions,
): FullAggregate<number, QuantileSketch, Quantiles<Q>>
export function quantile<T, const Q extends readonly number[]>(
  q: Q,
  of: (value: T) => number,
  options?: QuantileOptions,
): FullAggregate<T, QuantileSketch, Quantiles<Q>>
export function quantile(
  q: number | readonly number[],
  of?: (value: number) => number,
  { accuracy = 0.01 }: QuantileOptions = {},
): FullAggregate<number, QuantileSketch, number | undefined | (number | undefined)[]> {
  const isOne = typeof q === 'number'
  const quantiles = checkedQuantiles(isOne ? [q] : q)
  const numberOf = selector('quantile', of)
  if (!(accuracy >= 0.0001 && accuracy <= 0.5)) {
    throw new TidemarkError('invalid-argument', `quantile: accuracy must be from 0.0001 to 0.5, got ${show(accuracy)}`)
  }
  const buckets = bucketsOf(accuracy)
  return {
    name: 'quantile',
    create: emptySketch,
    add(sketch, value) {
      addToSketch(sketch, finite(numberOf(value), 'quantile'), buckets, 1)
      return sketch
    },
    merge: mergeSketches,
    result(sketch) {
      const found = find(quantiles, sketch, buckets)
      return isOne ? found[0] : found
    },
    retract(sketch, value) {
      const number = finite(numberOf(value), 'quantile')
      if (!addToSketch(sketch, number, buckets, -1)) {
        throw new TidemarkError(
          'unsupported',
          `quantile: expected to take back a value that is there, got ${show(number)}`,
        )
      }
      return sketch
    },
  }
}

function checkedQuantiles(quantiles: readonly number[]): readonly number[] {
  const isArray: boolean = Array.isArray(quantiles)
  if (!isArray) {
    throw new TidemarkError('invalid-argument', `quantile: expected a number or an array, got ${show(quantiles)}`)
  }
  for (const q of quantiles) {
    if (!(typeof q === 'number' && q >= 0 && q <= 1)) {
      throw new TidemarkError('invalid-argument', `quantile: expected a number from 0 to 1, got ${show(q)}`)
    }
  }
  return [...quantiles]
}

function find(quantiles: readonly number[], sketch: QuantileSketch, buckets: Buckets): (number | undefined)[] {
  const last = sketch.count - 1
  return quantiles.map((q) => (last < 0 ? undefined : numberAt(sketch, Math.floor(q * last), buckets)))
}
