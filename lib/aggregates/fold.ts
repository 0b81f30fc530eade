import type { Aggregate } from '../aggregate.ts'
import { show, TidemarkError } from '../errors.ts'
import type { RetractableAggregate } from './retractable-aggregate.ts'

/** The steps that every aggregate has. See `Aggregate` for what each promises. */
export interface FoldSteps<T, A> {
  readonly create: () => A
  readonly add: (accumulator: A, value: T, time: number) => A
  readonly merge: (into: A, from: A) => A
}

/** Makes a result of an accumulator, which it leaves as it is. */
export interface ResultStep<A, R> {
  readonly result: (accumulator: A) => R
}

/** Takes an earlier `add` of an equal value and time back. */
export interface RetractStep<T, A> {
  readonly retract: (accumulator: A, value: T, time: number) => A
}

/**
 * Makes an aggregate of your own. `add` and `merge` must not care for their order, or the result depends on the order of
 * arrival. Without `result` the accumulator itself is the result; `add` must then return a new one rather than change it,
 * for it has been handed out.
 *
 * @throws TidemarkError `invalid-argument` for a step that is missing or no function
 * @example
 * const product = fold({
 *   create: () => 1,
 *   add: (product, factor: number) => product * factor,
 *   merge: (a, b) => a * b,
 * })
 */
export function fold<T, A, R>(
  steps: FoldSteps<T, A> & ResultStep<A, R> & RetractStep<T, A>,
): RetractableAggregate<T, A, R>
export function fold<T, A, R>(steps: FoldSteps<T, A> & ResultStep<A, R>): Aggregate<T, A, R>
export function fold<T, A>(steps: FoldSteps<T, A> & RetractStep<T, A>): RetractableAggregate<T, A, A>
export function fold<T, A>(steps: FoldSteps<T, A>): Aggregate<T, A, A>
export function fold<T, A>(
  steps: FoldSteps<T, A> & Partial<ResultStep<A, unknown>> & Partial<RetractStep<T, A>>,
): Aggregate<T, A, unknown> {
  const { create, add, merge, result = itself, retract } = steps
  for (const [name, step] of Object.entries({ create, add, merge, result, retract: retract ?? itself })) {
    if (typeof step !== 'function') {
      throw new TidemarkError('invalid-argument', `fold: ${name} must be a function, got ${show(step)}`)
    }
  }
  const aggregate = { name: 'fold', create, add, merge, result }
  return retract === undefined ? aggregate : { ...aggregate, retract }
}

function itself<A>(accumulator: A): A {
  return accumulator
}
