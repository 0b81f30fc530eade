import { AssertionError } from 'node:assert/strict'
import { messageOf } from '../lib/errors.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'
import type { Arrival } from './arrival.ts'
import { calm, type Case } from './case.ts'
import type { Law } from './law.ts'
import { Refutation, type Sides } from './refutation.ts'
import type { LateOutput, Pipeline } from './trial.ts'
import { tried, type Tried } from './tried.ts'

/** What is asked of a pipeline. */
export interface CaseOptions<T> {
  /** How the source makes watermarks. */
  readonly watermark: WatermarkStrategy<NoInfer<T>>
  /** What has to hold, in the order in which it is looked at. */
  readonly laws: readonly Law<NoInfer<T>>[]
  /** The late output that the pipeline writes to, if its events are to be counted. */
  readonly late?: LateOutput
}

/** A law that does not hold at some case. */
export interface Broken<T> {
  readonly law: Law<T>
  readonly message: string
  readonly sides: Sides | undefined
  readonly cause: unknown
}

/**
 * Tries a pipeline at one case under laws: the way to keep a counterexample as a test, and to write a property by hand.
 *
 * @param pipeline gets the events, and gives a stream or what `values`, `panes` or `changes` make of one
 * @param of the events in the order of arrival; what else happens is nothing unless given
 * @throws AssertionError for the first law that does not hold
 * @example
 * ```ts
 * await checkCase(hourlyUsers, { watermark: boundedOutOfOrderness('60s'), laws: [laws.orderInsensitive()] }, {
 *   events: [
 *     { value: { page: 'a', user: 1 }, time: 60_000, delay: 0 },
 *     { value: { page: 'a', user: 2 }, time: 0, delay: 60_000 },
 *   ],
 * })
 * ```
 */
export async function checkCase<T>(
  pipeline: Pipeline<T>,
  options: CaseOptions<T>,
  of: Partial<Case<T>> & { readonly events: readonly Arrival<T>[] },
): Promise<void> {
  const broken = await firstBroken(options.laws, tried({ ...options, pipeline }, { ...calm(of.events), ...of }))
  if (broken === undefined) return
  const { law, message, sides } = broken
  throw new AssertionError({ message: `${law.name}: ${message}`, ...sides })
}

/** The first of the laws that does not hold. */
export async function firstBroken<T>(laws: readonly Law<T>[], of: Tried<T>): Promise<Broken<T> | undefined> {
  for (const law of laws) {
    try {
      await law.check(of)
    } catch (cause) {
      if (cause instanceof Refutation) return { law, message: cause.message, sides: cause.sides, cause }
      return { law, message: `expected a run to its end, got ${messageOf(cause)}`, sides: undefined, cause }
    }
  }
  return undefined
}
