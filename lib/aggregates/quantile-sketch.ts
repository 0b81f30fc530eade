/**
 * Numbers by their magnitude: how many lie in each bucket, whose bounds grow by a constant factor. That is DDSketch (Masson,
 * Rim, Lee, A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees, 2019), with buckets only where there is
 * something. Counts are all there is, so neither order nor parts matter, and what was counted can be taken back.
 */
export interface QuantileSketch {
  count: number
  /** Zeros, and what is too small for a relative error. */
  zeros: number
  /** Counts by bucket. */
  readonly positive: Map<number, number>
  /** Counts by the bucket of the magnitude. */
  readonly negative: Map<number, number>
}

/** The buckets of one accuracy. */
export interface Buckets {
  /** The bucket of a magnitude above `leastMagnitude`. */
  readonly of: (magnitude: number) => number
  /** The number that is nearest to all of a bucket, by relative error. */
  readonly middle: (bucket: number) => number
}

/** The least number with all its digits. Numbers of less magnitude count as 0. */
const leastMagnitude = 2 ** -1022

export function emptySketch(): QuantileSketch {
  return { count: 0, zeros: 0, positive: new Map(), negative: new Map() }
}

/** @param accuracy the relative error, at least 0.0001 */
export function bucketsOf(accuracy: number): Buckets {
  // A little narrower than they may be, to make up for the rounding of logarithms.
  const narrowed = accuracy * (1 - 1e-8)
  const width = Math.log1p((2 * narrowed) / (1 - narrowed))
  const toMiddle = Math.log1p(-narrowed)
  return {
    of: (magnitude) => Math.ceil(Math.log(magnitude) / width),
    middle: (bucket) => Math.min(Math.exp(bucket * width + toMiddle), Number.MAX_VALUE),
  }
}

/** Adds to the count of a number's bucket; tells whether no count has fallen below 0. */
export function addToSketch(sketch: QuantileSketch, number: number, buckets: Buckets, change: 1 | -1): boolean {
  const magnitude = Math.abs(number)
  if (magnitude < leastMagnitude) {
    if (sketch.zeros + change < 0) return false
    sketch.zeros += change
  } else {
    const counts = number > 0 ? sketch.positive : sketch.negative
    if (!addToCount(counts, buckets.of(magnitude), change)) return false
  }
  sketch.count += change
  return true
}

export function mergeSketches(into: QuantileSketch, from: QuantileSketch): QuantileSketch {
  for (const [bucket, count] of from.positive) addToCount(into.positive, bucket, count)
  for (const [bucket, count] of from.negative) addToCount(into.negative, bucket, count)
  into.zeros += from.zeros
  into.count += from.count
  return into
}

/** Finds the number of a sketch with so many before it in ascending order; it stands for its whole bucket. `undefined` if there are fewer. */
export function numberAt(sketch: QuantileSketch, rank: number, buckets: Buckets): number | undefined {
  let left = rank
  const inBucket = (counts: ReadonlyMap<number, number>, order: Int32Array): number | undefined =>
    order.find((bucket) => (left -= counts.get(bucket) ?? 0) < 0)
  const { negative, positive, zeros } = sketch
  const below = inBucket(negative, ordered(negative).reverse())
  if (below !== undefined) return -buckets.middle(below)
  left -= zeros
  if (left < 0) return 0
  const above = inBucket(positive, ordered(positive))
  return above === undefined ? undefined : buckets.middle(above)
}

let room = new Int32Array(256)

/** The buckets in ascending order, until this is called again. Typed, because arrays of numbers are sorted several times as fast so. */
function ordered(counts: ReadonlyMap<number, number>): Int32Array {
  if (room.length < counts.size) room = new Int32Array(2 * counts.size)
  let i = 0
  for (const bucket of counts.keys()) room[i++] = bucket
  return room.subarray(0, i).sort()
}

function addToCount(counts: Map<number, number>, bucket: number, change: number): boolean {
  const count = (counts.get(bucket) ?? 0) + change
  if (count < 0) return false
  if (count === 0) counts.delete(bucket)
  else counts.set(bucket, count)
  return true
}
