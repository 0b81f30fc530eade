import type { Diff, Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import { isMerging } from '../panes/merging-assigner.ts'
import type { WindowAssigner } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { Combination } from './combination.ts'
import type { LateOutputs } from './join-ledger.ts'
import { MergingJoin } from './merging-join.ts'
import type { Row } from './pane-rows.ts'
import { SharedJoin } from './shared-join.ts'

/** Makes the machine of a join by windows when it is wired. */
export type CreateJoin<L, R, K, P, Q, O> = (
  context: OperatorContext<Row<O, K>>,
  late: LateOutputs<Event<L, K, P, Diff>, Event<R, K, Q, Diff>>,
) => Machine<Event<L, K, P, Diff> | Event<R, K, Q, Diff>>

/**
 * Chooses how windows are kept.
 *
 * @param who names the operator in errors
 * @throws TidemarkError `invalid-argument` for what does not assign windows
 */
export function windowJoinMachine<L, R, K, P, Q, O>(
  who: string,
  assigner: WindowAssigner<L | R>,
  combination: Combination<L, R, O>,
): CreateJoin<L, R, K, P, Q, O> {
  if (typeof assigner?.assign !== 'function') {
    const got =
      typeof assigner === 'object' ? ((assigner as Partial<WindowAssigner> | null)?.name ?? assigner) : assigner
    throw new TidemarkError(
      'invalid-argument',
      `${who}: expected windows that depend on each event alone, such as tumbling('1h'), got ${show(got)}`,
    )
  }
  if (isMerging(assigner)) return (context, late) => new MergingJoin(assigner, combination, context, late)
  return (context, late) => new SharedJoin(assigner, combination, context, late)
}
