import type { OperatorFunction } from 'rxjs'
import { type AggregateSpec, toAggregate } from '../lib/aggregates/combine.ts'
import type { Element, Event, Stream } from '../lib/element.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'
import type { PaneInfo, WindowAssigner } from '../lib/window.ts'
import { WindowMachine } from '../lib/windows/window-machine.ts'

/** Options of `window`. */
export interface WindowOptions<T, K, P> {
  /**
   * How long a complete window is kept for late events, each of which makes it fire again with everything so far; 0 unless
   * given.
   */
  readonly allowedLateness?: Duration
  /** Gets the events whose every window has expired. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Aggregates the events of each key by window of event time.
 *
 * A window's result leaves when the watermark reaches the window's end, with the time `end - 1`; windows that complete
 * together leave in the order of their ends, the keys of one in the order of their first events. An event behind the
 * watermark still counts in every window that has not expired (`end + allowedLateness > watermark`), and if the window was
 * complete already its result leaves once more, with everything so far. An event whose windows have all expired is late: it
 * is counted, and handed to `late`.
 *
 * With `window(tumbling(5), sum(), { late })`:
 *
 * ```marbles
 * in    1@1  2@7  3@3  ~5       4@2     |
 * out                  [0,5)=4          [5,10)=2
 * late                          L(4@2)
 * ```
 *
 * Holds an accumulator for each key and open window, freed when the window expires.
 *
 * @param assigner which windows a time belongs to: `tumbling`, `hopping`
 * @param aggregate what to make of the values: one aggregate, or several under names
 * @throws TidemarkError `invalid-duration` or `invalid-argument` when built with a lateness that is no duration >= 0
 * @see Akidau et al., The Dataflow Model, VLDB 2015
 * @example
 * hits.pipe(window(tumbling('1h'), { users: countDistinct((hit) => hit.host), bytes: sum((hit) => hit.bytes) }))
 */
export function window<T, K, P, R>(
  assigner: WindowAssigner,
  aggregate: AggregateSpec<T, R>,
  options: WindowOptions<T, K, P> = {},
): OperatorFunction<Element<T, K, P>, Element<R, K, PaneInfo>> {
  const { id, late, allowedLateness = 0 } = options
  const settings = {
    assigner,
    aggregate: toAggregate(aggregate),
    allowedLateness: toNonNegativeMillis(allowedLateness, 'window: allowedLateness'),
  }
  return (source: Stream<T, K, P>) =>
    defineOperator<T, K, P, R, K, PaneInfo>([source], {
      name: 'window',
      id,
      create: (context) => new WindowMachine(settings, context, context.open(late)),
    })
}
