import type { Counters } from '../counters.ts'
import type { AnyEvent } from '../element.ts'
import type { OperatorMetrics } from '../metrics.ts'
import type { Machine } from './machine.ts'

/** What a machine says of itself. */
export function stateMetrics<I extends AnyEvent>(
  machine: Machine<I>,
  counters: Counters,
): Pick<OperatorMetrics, 'about' | 'contributed' | 'held' | 'entries'> {
  const about = machine.about?.()
  return {
    ...(about === undefined ? {} : { about }),
    contributed: machine.contributed?.() ?? counters.out,
    held: machine.held?.() ?? 0,
    entries: machine.entries?.() ?? 0,
  }
}
