import { type Diff, event, type Event } from '../element.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import { oneChange } from '../wiring/one-change.ts'

/** A result that may be taken back. */
type Revision<T, K> = Event<T, K, undefined, Diff>

/** Takes a result back, with the time it had, and gives the next one, as one change. Either may be missing. */
export function revise<T, K>(
  context: OperatorContext<Revision<T, K>>,
  before: Revision<T, K> | undefined,
  after: Revision<T, K> | undefined,
): void {
  oneChange.make(() => {
    if (before !== undefined) context.emit(event(before.value, before.time, before.key, -1))
    if (after !== undefined) context.emit(after)
  })
}
