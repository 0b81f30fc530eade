import { PatternBuilder } from './builder.ts'
import type { SingleStage, StageCondition } from './sequence.ts'
import type { Condition } from './stage.ts'

/**
 * Begins a pattern: a sequence of events of one key, for `detect`.
 *
 * Stages are added by `next`, `followedBy` and `followedByAny`, what must not come by `notNext` and `notFollowedBy`; the last
 * stage is made a loop by `oneOrMore`, `times` and `timesOrMore`, or `optional`. `within` completes it, because nothing is waited
 * for without an end. A pattern is a value: each call gives a new one.
 *
 * @param name of the first stage, under which a match has its event
 * @param where tells whether a value can be the first of a match; the type of its parameter is that of all values
 * @throws TidemarkError `invalid-argument` for a name that is empty, or for stages that make no pattern
 * @see FlinkCEP's `Pattern.begin`
 * @example
 * const probes = begin('small', (payment: Payment) => payment.amount < 1)
 *   .followedBy('large', (payment, { small }) => payment.amount > 500 * small.amount)
 *   .within('10m')
 */
export function begin<T, N extends string>(
  name: N,
  where: StageCondition<T, Readonly<Record<never, never>>, N>,
): SingleStage<T, Readonly<Record<never, never>>, N> {
  // The builder does not know the names, which are in the types alone.
  const builder = new PatternBuilder<T>([], []).stage(name, where as Condition<T>, 'any')
  return builder as unknown as SingleStage<T, Readonly<Record<never, never>>, N>
}
