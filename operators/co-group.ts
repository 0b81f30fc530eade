import type { OperatorFunction } from 'rxjs'
import type { Element, Event, EventStream, Stream } from '../lib/element.ts'
import { groups } from '../lib/joins/groups.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { windowJoinMachine } from '../lib/joins/window-join-machine.ts'
import type { PaneInfo, WindowAssigner } from '../lib/window.ts'
import { endlessWindows } from '../lib/windows/endless-windows.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Options of `coGroup`. */
export interface CoGroupOptions<L, R, K, P, Q> {
  /** Gets the left events whose every window is complete. They are counted in any case. */
  readonly lateLeft?: SideOutput<Event<L, K, P>>
  /** Gets the right events whose every window is complete. They are counted in any case. */
  readonly lateRight?: SideOutput<Event<R, K, Q>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Groups the events of two streams by key and window: all left values beside all right ones, each in the order of arrival.
 *
 * The groups of a window leave when the watermark, the lower of both streams, reaches the window's end, with the time `end - 1`.
 * Windows that complete together leave in the order of their ends, the keys of one in the order in which they came. One side may
 * be empty, not both. In windows that merge, such as sessions, events of both sides make and merge the windows of their key.
 *
 * With `left.pipe(coGroup(right, tumbling(5), { lateLeft }))`:
 *
 * ```marbles
 * left   x:1@1       x:2@4       y:3@3  ~5                              x:4@2      |
 * right         x:5@3       ~5                                                       |
 * out                                   x:[0,5)={"left":[1,2],"right":[5]}&y:[0,5)={"left":[3],"right":[]}
 * late                                                                  L(x:4@2)
 * ```
 *
 * An event behind the watermark counts in every window that is not complete. One whose windows all are is late: it is counted,
 * and handed to `lateLeft` or `lateRight`. There is no `allowedLateness`: a window's groups leave once, and are final.
 *
 * Holds the values of both sides for each key and open window, once for each window they are in; freed when the window is
 * complete. In `globalWindow()` that is at the end of the input, and the time is that of the key's latest event.
 *
 * @param right a stream with the same type of key
 * @param assigner `tumbling`, `hopping`, `cumulative`, `calendar`, `session`, `globalWindow`, or a `WindowAssigner` of yours,
 *   which is asked of the events of both sides
 * @throws TidemarkError `invalid-argument` when built with windows that are no assigner; `unsupported` as the error of the job,
 *   for a retraction that got past the types
 * @see Flink's coGroup, and Beam's CoGroupByKey
 * @example
 * orders.pipe(
 *   coGroup(payments, tumbling('1h')),
 *   filter(({ left, right }) => left.length !== right.length),
 * )
 */
export function coGroup<L, R, K, P, Q>(
  right: Stream<R, K, Q>,
  assigner: WindowAssigner<NoInfer<L | R>>,
  { lateLeft, lateRight, id }: CoGroupOptions<L, R, K, P, Q> = {},
): OperatorFunction<Element<L, K, P>, Element<Joined<readonly L[], readonly R[]>, K, PaneInfo>> {
  const create = windowJoinMachine<L, R, K, P, Q, Joined<readonly L[], readonly R[]>>('coGroup', assigner, groups())
  return (left: EventStream<Event<L, K, P>>) =>
    defineOperator<Event<L, K, P> | Event<R, K, Q>, Event<Joined<readonly L[], readonly R[]>, K, PaneInfo>>(
      [left, right],
      {
        name: 'coGroup',
        id,
        retracts: 'never',
        endless: endlessWindows(assigner, { keepsValues: true }),
        create: (context) => create(context, { left: context.open(lateLeft), right: context.open(lateRight) }),
      },
    )
}
