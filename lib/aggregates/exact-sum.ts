import { TidemarkError } from '../errors.ts'

/**
 * A sum without rounding: its value is exactly `high + low` and the `rest`. Binary fractions added one after the other are
 * rounded at each step, so that the last digits tell the order of arrival, and what is taken back leaves a residue. Here the
 * error of each addition is kept and only the result rounded, once.
 */
export interface ExactSum {
  high: number
  /** What `high` could not take; 0 as long as whole numbers below 2^53 are added. */
  low: number
  /** What neither could take, in non-overlapping parts from the smallest; there when magnitudes differ by more than 2^53. */
  rest: number[] | undefined
}

/**
 * Adds a finite number in place, by the error-free addition of Knuth (The Art of Computer Programming 2, 4.2.2) and the
 * expansions of Shewchuk (Adaptive Precision Floating-Point Arithmetic, 1997), of which there are at most about 40 parts.
 *
 * @throws TidemarkError `invalid-argument` when the sum leaves the range of numbers
 */
export function addExactly(sum: ExactSum, x: number, who: string): void {
  const { high } = sum
  const total = high + x
  const error = errorOf(high, x, total)
  sum.high = total
  if (error !== 0) addLow(sum, error, who)
}

/** Adds all of `from` to `into`. */
export function mergeExactly(into: ExactSum, from: ExactSum, who: string): void {
  addExactly(into, from.high, who)
  addExactly(into, from.low, who)
  for (const part of from.rest ?? []) addExactly(into, part, who)
}

/** The number nearest to the sum, of two equally near ones the even. */
export function roundedSum({ high, low, rest }: ExactSum): number {
  if (rest === undefined || rest.length === 0) return high + low
  const parts = [...rest]
  grow(parts, low)
  grow(parts, high)
  return rounded(parts)
}

function addLow(sum: ExactSum, x: number, who: string): void {
  // The error of an overflow is NaN, and NaN comes here.
  if (!Number.isFinite(sum.high)) {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: expected a sum of at most 1.8e308 in magnitude, got ${sum.high}`,
    )
  }
  const { low } = sum
  const total = low + x
  const error = errorOf(low, x, total)
  sum.low = total
  if (error !== 0) grow((sum.rest ??= []), error)
}

/** What `sum`, the rounded a + b, lacks of a + b. */
function errorOf(a: number, b: number, sum: number): number {
  const bAsAdded = sum - a
  return a - (sum - bAsAdded) + (b - bAsAdded)
}

/** Adds to non-overlapping parts, which stay so, in the order of their magnitude and without zeros. */
function grow(parts: number[], x: number): void {
  let carry = x
  let kept = 0
  for (const part of parts) {
    const total = carry + part
    const error = errorOf(carry, part, total)
    if (error !== 0) parts[kept++] = error
    carry = total
  }
  parts.length = kept
  if (carry !== 0) parts.push(carry)
}

function rounded(parts: number[]): number {
  let sum = 0
  let error = 0
  while (error === 0) {
    const part = parts.pop()
    if (part === undefined) return sum
    const total = sum + part
    error = errorOf(sum, part, total)
    sum = total
  }
  // What is left has no weight but where `error` is exactly half a step: a rest on its side of `sum` then tips the balance.
  const doubled = error * 2
  const next = sum + doubled
  const isHalfStep = next - sum === doubled
  return isHalfStep && Math.sign(parts.at(-1) ?? 0) === Math.sign(error) ? next : sum
}
