import { TidemarkError } from '../errors.ts'
import { addProduct } from './exact-product.ts'
import { addExactly, type ExactSum, mergeExactly, roundedSum } from './exact-sum.ts'
import { finite } from './finite.ts'

/** Numbers as their count and the exact sums of them and of their squares, which tell how far they spread. */
export interface Moments {
  count: number
  readonly sum: ExactSum
  readonly squares: ExactSum
}

/** Whether the numbers are all there are, or a sample of them. */
export interface SpreadOptions {
  /** Divides by one less than the number of values, to estimate the spread of what they were drawn from; false unless given. */
  readonly sample?: boolean
}

export function noMoments(): Moments {
  return { count: 0, sum: { high: 0, low: 0, rest: undefined }, squares: { high: 0, low: 0, rest: undefined } }
}

/**
 * Adds a number, or takes it back.
 *
 * @throws TidemarkError `invalid-argument` for anything but a finite number whose square is one
 */
export function addNumber(moments: Moments, value: number, who: string, sign: 1 | -1 = 1): Moments {
  const x = finite(value, who)
  if (!Number.isFinite(x * x)) {
    throw new TidemarkError('invalid-argument', `${who}: expected numbers of at most 1.3e154 in magnitude, got ${x}`)
  }
  moments.count += sign
  addExactly(moments.sum, sign * x, who)
  addProduct(moments.squares, x, x, who, sign)
  return moments
}

export function mergeMoments(into: Moments, from: Moments, who: string): Moments {
  into.count += from.count
  mergeExactly(into.sum, from.sum, who)
  mergeExactly(into.squares, from.squares, who)
  return into
}

/**
 * The variance, (n * squares - sum^2) / (n * n), or / (n * (n - 1)) of a sample; `undefined` for too few values. The two terms
 * of the difference may have all their leading digits in common. They are not rounded before it.
 */
export function varianceOf({ count, sum, squares }: Moments, isSample: boolean, who: string): number | undefined {
  if (count < (isSample ? 2 : 1)) return undefined
  // The square of a sum of large numbers would leave the range. Powers of two change no digit.
  const scale = roundedSum(squares) > 2 ** 700 ? 2 ** -200 : 1
  const sums = partsOf(sum).map((part) => part * scale)
  const difference: ExactSum = { high: 0, low: 0, rest: undefined }
  for (const part of partsOf(squares)) addProduct(difference, part * scale * scale, count, who)
  for (const a of sums) for (const b of sums) addProduct(difference, a, b, who, -1)
  const divisor = count * (isSample ? count - 1 : count)
  // Below 0 only by what products of the tiniest numbers lack.
  return Math.max(0, roundedSum(difference) / divisor / scale / scale)
}

function partsOf({ high, low, rest = [] }: ExactSum): number[] {
  return [high, low, ...rest].filter((part) => part !== 0)
}
