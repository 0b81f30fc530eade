import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Diff, Element, Event } from '../lib/element.ts'
import { OrderingMachine } from '../lib/keyed/ordering-machine.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Options of `inOrder`. */
export interface InOrderOptions<T, K, P, D extends Diff = 1> {
  /** Gets the events that come too late. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P, D>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Puts the events of all keys into the order of their times.
 *
 * Each event leaves when the watermark has passed it; those of one time leave in the order in which they came. An event behind the
 * watermark is late, because what comes after it may have left: it is counted, and handed to `late`.
 *
 * With `inOrder({ late })`:
 *
 * ```marbles
 * in    1@5  2@3  3@5  ~5       4@4     5@7  |
 * out                  2@3&~5                1@5&3@5&5@7&|
 * late                          L(4@4)
 * ```
 *
 * Holds the events that the watermark has not passed.
 *
 * @see `SORT BY` a time attribute in Flink SQL
 * @example
 * readings.pipe(inOrder(), values(), pairwise())
 */
export function inOrder<T, K, P, D extends Diff>(
  options: InOrderOptions<T, K, P, D> = {},
): MonoTypeOperatorFunction<Element<T, K, P, D>> {
  return (source) =>
    defineOperator<Event<T, K, P, D>, Event<T, K, P, D>>([source], {
      name: 'inOrder',
      id: options.id,
      create: (context) => new OrderingMachine(context, context.open(options.late)),
    })
}
