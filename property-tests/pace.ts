import * as fc from 'fast-check'

/** How fast a job gets its input and gets rid of its output, which no result may depend on. */
export interface Pace {
  /** Values in each chunk of the source; over and over. At least one is positive. */
  readonly chunks: readonly number[]
  /** Microtasks that each read of a chunk takes; over and over. 0 answers at once. */
  readonly reads: readonly number[]
  /** Results after which the job writes to its sinks. */
  readonly batchSize: number
  /** Microtasks that each write to a sink takes; over and over. */
  readonly writes: readonly number[]
}

/** Everything in large chunks, at once. */
export const steady: Pace = { chunks: [1_024], reads: [0], batchSize: 1_024, writes: [0] }

/** Makes paces, from steady ones to single values, empty chunks, slow reads and a slow sink. */
export function paces(): fc.Arbitrary<Pace> {
  const microtasks = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 12 })), { minLength: 1, maxLength: 4 })
  return fc.record({
    chunks: fc
      .array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 })
      .filter((sizes) => sizes.some((size) => size > 0)),
    reads: microtasks,
    batchSize: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(steady.batchSize)),
    writes: microtasks,
  })
}

/** Lets a number of microtasks pass. */
export async function microtasks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve()
}
