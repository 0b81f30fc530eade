import { addExactly, type ExactSum } from './exact-sum.ts'

/**
 * Adds `sign * a * b` without rounding: the rounded product and what it lacks, found by the method of Dekker (A Floating-Point
 * Technique for Extending the Available Precision, 1971). Exact for factors from 1e-130 to 1e150 in magnitude; below, what is
 * less than 1e-300 of a product may be lost, the same for the same factors.
 *
 * @throws TidemarkError `invalid-argument` when the sum leaves the range of numbers
 */
export function addProduct(sum: ExactSum, a: number, b: number, who: string, sign: 1 | -1 = 1): void {
  const product = a * b
  const highA = highPart(a)
  const lowA = a - highA
  const highB = highPart(b)
  const lowB = b - highB
  const error = lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB)
  addExactly(sum, sign * product, who)
  if (error !== 0) addExactly(sum, sign * error, who)
}

/** The upper 26 bits, so that products of parts need no rounding (Veltkamp). */
function highPart(x: number): number {
  const shifted = x * (2 ** 27 + 1)
  return shifted - (shifted - x)
}
