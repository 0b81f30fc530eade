import type { Aggregate } from '../aggregate.ts'
import { checkVersion, type VersionedState } from '../checkpoint/versioned-state.ts'
import { show, TidemarkError } from '../errors.ts'
import type { FullAggregate } from './full-aggregate.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import type { RetractableAggregate } from './retractable-aggregate.ts'

/** The steps that every aggregate has. See `Aggregate` for what each promises. */
export interface FoldSteps<T, A> extends VersionedState<A> {
  readonly create: () => A
  readonly add: (accumulator: A, value: T, time: number) => A
}

/** Adds what is in `from` to `into`. `from` must stay as it is, and share nothing that a later step would change. */
export interface MergeStep<A> {
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
 * arrival. Without `merge` it can't stand in sessions; without `retract` it can't stand behind what revises its results.
 * Without `result` the accumulator itself is the result; `add` must then return a new one rather than change it, for it has
 * been handed out. When accumulators come to look otherwise, raise `version` and say in `migrate` what becomes of those in a
 * checkpoint.
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
  steps: FoldSteps<T, A> & MergeStep<A> & ResultStep<A, R> & RetractStep<T, A>,
): FullAggregate<T, A, R>
export function fold<T, A, R>(steps: FoldSteps<T, A> & MergeStep<A> & ResultStep<A, R>): MergeableAggregate<T, A, R>
export function fold<T, A>(steps: FoldSteps<T, A> & MergeStep<A> & RetractStep<T, A>): FullAggregate<T, A, A>
export function fold<T, A>(steps: FoldSteps<T, A> & MergeStep<A>): MergeableAggregate<T, A, A>
export function fold<T, A, R>(
  steps: FoldSteps<T, A> & ResultStep<A, R> & RetractStep<T, A>,
): RetractableAggregate<T, A, R>
export function fold<T, A, R>(steps: FoldSteps<T, A> & ResultStep<A, R>): Aggregate<T, A, R>
export function fold<T, A>(steps: FoldSteps<T, A> & RetractStep<T, A>): RetractableAggregate<T, A, A>
export function fold<T, A>(steps: FoldSteps<T, A>): Aggregate<T, A, A>
export function fold<T, A>(
  steps: FoldSteps<T, A> & Partial<MergeStep<A>> & Partial<ResultStep<A, unknown>> & Partial<RetractStep<T, A>>,
): Aggregate<T, A, unknown> {
  const { create, add, merge, result = itself, retract, version, migrate } = steps
  for (const [name, step] of Object.entries({ create, add, merge, result, retract })) {
    const isOptional = name === 'merge' || name === 'retract'
    if (typeof step !== 'function' && !(isOptional && step === undefined)) {
      throw new TidemarkError('invalid-argument', `fold: ${name} must be a function, got ${show(step)}`)
    }
  }
  checkVersion('fold', steps)
  const aggregate: Aggregate<T, A, unknown> = {
    name: 'fold',
    create,
    add,
    result,
    ...(version !== undefined && { version }),
    ...(migrate !== undefined && { migrate }),
  }
  if (merge !== undefined) aggregate.merge = merge
  if (retract !== undefined) aggregate.retract = retract
  return aggregate
}

function itself<A>(accumulator: A): A {
  return accumulator
}
