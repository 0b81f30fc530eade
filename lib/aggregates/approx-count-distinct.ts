import { show, TidemarkError } from '../errors.ts'
import {
  addHash,
  type DistinctSketch,
  emptyDistinctSketch,
  estimate,
  mergeDistinctSketches,
} from './distinct-sketch.ts'
import { type Hash, hashInto } from './hash.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { type Primitive, primitive } from './multiset.ts'
import { selector } from './selector.ts'

/** How good an estimate has to be. */
export interface ApproxCountDistinctOptions {
  /**
   * The standard error, relative, from 0.0025 to 0.25; 0.01 unless given. Two of three estimates are off by less, 19 of 20 by
   * less than double.
   */
  readonly standardError?: number
}

/**
 * Estimates how many different values there are; 0 when there are none. Where `countDistinct` holds each different value, this
 * holds at most (1.04 / standardError)^2 bytes, rounded up to a power of 2: 16 KiB for 0.01, and less as long as values are few.
 * Values once seen can't be taken back.
 *
 * In any order, merged in any way, the result is the same, on every machine. Values are told apart as by `countDistinct`.
 *
 * @param of what of a value to count; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function or `standardError` out of range; later `invalid-key` for an
 * object
 * @example
 * approxCountDistinct((hit: Hit) => hit.host, { standardError: 0.02 })
 */
export function approxCountDistinct<V extends Primitive>(
  of?: undefined,
  options?: ApproxCountDistinctOptions,
): MergeableAggregate<V, DistinctSketch, number>
export function approxCountDistinct<T>(
  of: (value: T) => Primitive,
  options?: ApproxCountDistinctOptions,
): MergeableAggregate<T, DistinctSketch, number>
export function approxCountDistinct(
  of?: (value: Primitive) => Primitive,
  { standardError = 0.01 }: ApproxCountDistinctOptions = {},
): MergeableAggregate<Primitive, DistinctSketch, number> {
  const valueOf = selector('approxCountDistinct', of)
  const size = registersFor(standardError)
  const hash: Hash = { upper: 0, lower: 0 }
  return {
    name: 'approxCountDistinct',
    create: emptyDistinctSketch,
    add(sketch, value) {
      hashInto(hash, primitive(valueOf(value), 'approxCountDistinct'))
      addHash(sketch, hash, size)
      return sketch
    },
    merge: (into, from) => mergeDistinctSketches(into, from, size),
    result: (sketch) => Math.round(estimate(sketch, size)),
  }
}

function registersFor(standardError: number): number {
  if (!(standardError >= 0.0025 && standardError <= 0.25)) {
    throw new TidemarkError(
      'invalid-argument',
      `approxCountDistinct: standardError must be from 0.0025 to 0.25, got ${show(standardError)}`,
    )
  }
  return 2 ** Math.ceil(2 * Math.log2(1.04 / standardError))
}
