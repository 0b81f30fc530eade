import type { OperatorFunction } from 'rxjs'
import type { Element, Event, EventStream, Stream } from '../lib/element.ts'
import { show, TidemarkError } from '../lib/errors.ts'
import { pairs, type WindowJoined, type WindowJoinKind, windowJoinKinds } from '../lib/joins/pairs.ts'
import { windowJoinMachine } from '../lib/joins/window-join-machine.ts'
import type { PaneInfo, WindowAssigner } from '../lib/window.ts'
import { endlessWindows } from '../lib/windows/endless-windows.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { CoGroupOptions } from './co-group.ts'

export type { WindowJoined, WindowJoinKind }

/** Options of `windowJoin`. */
export interface WindowJoinOptions<L, R, K, P, Q, J extends WindowJoinKind = WindowJoinKind> extends CoGroupOptions<
  L,
  R,
  K,
  P,
  Q
> {
  /**
   * What becomes of events with none of the other side in their window. `inner`, unless given: nothing. `left`, `right`, `full`:
   * a pair in which the other side is `undefined`, for events of the side named, or of both. `semi` gives no pairs, but each left
   * value that has a right one; `anti` each that has none.
   */
  readonly kind?: J
}

/**
 * Joins the events of two streams that have the same key and are in the same window: each left value with each right one.
 *
 * The pairs of a window leave when the watermark, the lower of both streams, reaches the window's end, with the time `end - 1`:
 * in the order in which the left values came, and for each in that of the right ones. Windows that complete together leave in
 * the order of their ends, the keys of one in the order in which they came. All pairs of a window and key are one pane. In
 * windows that merge, such as sessions, events of both sides make and merge the windows of their key.
 *
 * With `left.pipe(windowJoin(right, tumbling(5), { kind: 'left', lateRight }))`:
 *
 * ```marbles
 * left   x:1@1         y:2@4  ~5                                                 |
 * right         x:3@3             ~5                                    x:4@2    |
 * out                             x:[0,5)={"left":1,"right":3}&y:[0,5)={"left":2}
 * late                                                                  L(x:4@2)
 * ```
 *
 * An event behind the watermark counts in every window that is not complete. One whose windows all are is late: it is counted,
 * and handed to `lateLeft` or `lateRight`. There is no `allowedLateness`: a window's pairs leave once, and are final, also those
 * without a partner.
 *
 * Holds the values of both sides for each key and open window, once for each window they are in, of `semi` and `anti` but one
 * right value; freed when the window is complete. Pairs are not held: they leave one by one as the sinks take them. In
 * `globalWindow()` a window is complete at the end of the input, and the time is that of the key's latest event.
 *
 * @param right a stream with the same type of key
 * @param assigner `tumbling`, `hopping`, `cumulative`, `calendar`, `session`, `globalWindow`, or a `WindowAssigner` of yours,
 *   which is asked of the events of both sides
 * @throws TidemarkError `invalid-argument` when built with windows that are no assigner, or a kind there is not; `unsupported`
 *   as the error of the job, for a retraction that got past the types
 * @see Flink's window join, whose kinds these are
 * @example
 * clicks.pipe(windowJoin(purchases, session('30m'), { kind: 'left' }), values())
 */
export function windowJoin<L, R, K, P, Q, J extends WindowJoinKind = 'inner'>(
  right: Stream<R, K, Q>,
  assigner: WindowAssigner<NoInfer<L | R>>,
  options: WindowJoinOptions<L, R, K, P, Q, J> = {},
): OperatorFunction<Element<L, K, P>, Element<WindowJoined<J, L, R>, K, PaneInfo>> {
  const { lateLeft, lateRight, id } = options
  // Without the option, J is its default.
  const kind = checkedKind(options.kind ?? 'inner') as J
  const create = windowJoinMachine<L, R, K, P, Q, WindowJoined<J, L, R>>('windowJoin', assigner, pairs(kind))
  return (left: EventStream<Event<L, K, P>>) =>
    defineOperator<Event<L, K, P> | Event<R, K, Q>, Event<WindowJoined<J, L, R>, K, PaneInfo>>([left, right], {
      name: 'windowJoin',
      id,
      retracts: 'never',
      endless: endlessWindows(assigner, { keepsValues: true }),
      create: (context) => create(context, { left: context.open(lateLeft), right: context.open(lateRight) }),
    })
}

function checkedKind(kind: WindowJoinKind): WindowJoinKind {
  if (windowJoinKinds.includes(kind)) return kind
  const expected = windowJoinKinds.map((each) => show(each)).join(', ')
  throw new TidemarkError('invalid-argument', `windowJoin: kind must be one of ${expected}, got ${show(kind)}`)
}
