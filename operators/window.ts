import type { OperatorFunction } from 'rxjs'
import type { AggregateFor } from '../lib/aggregates/aggregate-for.ts'
import { toAggregate } from '../lib/aggregates/combine.ts'
import type { Diff, Element, Event, EventStream } from '../lib/element.ts'
import { show, TidemarkError } from '../lib/errors.ts'
import { windowMachine } from '../lib/panes/window-machine.ts'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'
import type { Trigger } from '../lib/trigger.ts'
import { defaultTrigger, isDefault } from '../lib/triggers/default-trigger.ts'
import { safeTrigger } from '../lib/triggers/safe-trigger.ts'
import type { Accumulation, PaneInfo, Windows } from '../lib/window.ts'
import { endlessWindows } from '../lib/windows/endless-windows.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Whether a pane leaves that has nothing new in it. */
export type EmptyPanes = 'always' | 'if-non-empty'

/** Options of `window`. */
export interface WindowOptions<T, K, P, D extends Diff = 1, M extends Accumulation = Accumulation> {
  /** When results leave; `defaultTrigger()` unless given: at completion, and then for every later event. */
  readonly trigger?: Trigger
  /** How long a complete window is kept for late events; 0 unless given. */
  readonly allowedLateness?: Duration
  /**
   * How results of one window relate. `accumulating`, unless given: each counts everything so far. `discarding`: what has come
   * since the one before. `retracting`: as accumulating, and the one before is taken back first.
   */
  readonly accumulation?: M
  /** Whether a result leaves when the watermark completes the window and the trigger fires, even if nothing is new; `always` unless given. */
  readonly onTime?: EmptyPanes
  /** Whether a last result leaves when the window expires or its trigger finishes, even if nothing is new; `if-non-empty` unless given. */
  readonly closing?: EmptyPanes
  /** Gets the events whose every window has expired. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P, D>>
  /** Gets the events that are not late, but the triggers of whose windows are finished; `late` gets them unless given. */
  readonly closed?: SideOutput<Event<T, K, P, D>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Aggregates the events of each key by window.
 *
 * Unless a `trigger` says otherwise, a window's result leaves when the watermark reaches the window's end, with the time
 * `end - 1`; windows that complete together leave in the order of their ends, the keys of one in the order in which they came to
 * it, or, where windows overlap, to the operator.
 *
 * An event behind the watermark still counts in every window that has not expired (`end + allowedLateness > watermark`), and
 * makes one that was complete fire again. An event whose windows have all expired is late: it is counted, and handed to `late`.
 *
 * With `window(tumbling(5), sum(), { late })`:
 *
 * ```marbles
 * in    1@1  2@7  3@3  ~5       4@2     |
 * out                  [0,5)=4          [5,10)=2
 * late                          L(4@2)
 * ```
 *
 * Holds an accumulator for each key and open window, freed when the window expires; overlapping windows of time share those
 * of the slices between their borders, if the trigger is the default one and the aggregate can merge.
 *
 * @param windows where results lie in time: `tumbling`, `hopping`, `cumulative`, `calendar`, `session`, `sliding`,
 *   `countWindow`, `globalWindow`, or a `WindowAssigner` of yours
 * @param aggregate what to make of the values: one aggregate, or several under names. Of a stream that takes values back, it
 *   must be able to `retract`
 * @throws TidemarkError `invalid-argument` or `invalid-duration` when built with options that are none, with a trigger that
 *   would lose data, or with windows that merge and an aggregate that can't; `wiring` when discarding results of a stream that
 *   takes values back
 * @see Akidau et al., The Dataflow Model, VLDB 2015
 * @example
 * hits.pipe(window(tumbling('1h'), { users: countDistinct((hit) => hit.host), bytes: sum((hit) => hit.bytes) }))
 */
export function window<T, K, P, D extends Diff = 1, R = unknown, M extends Accumulation = 'accumulating'>(
  windows: Windows<NoInfer<T>>,
  aggregate: AggregateFor<T, R, D>,
  options: WindowOptions<T, K, P, D, M> = {},
): OperatorFunction<Element<T, K, P, D>, Element<R, K, PaneInfo, M extends 'retracting' ? Diff : 1>> {
  const {
    id,
    late,
    closed = late,
    accumulation = 'accumulating',
    onTime = 'always',
    closing = 'if-non-empty',
  } = options
  const { trigger = defaultTrigger() } = options
  const allowedLateness = toNonNegativeMillis(options.allowedLateness ?? 0, 'window: allowedLateness')
  const settings = {
    aggregate: toAggregate<T, R>(aggregate),
    trigger: isDefault(trigger) ? undefined : safeTrigger('window', trigger, allowedLateness),
    accumulation: oneOf('accumulation', accumulation, ['discarding', 'accumulating', 'retracting']),
    allowedLateness,
    isOnTimeAlways: oneOf('onTime', onTime, emptyPanes) === 'always',
    isClosingAlways: oneOf('closing', closing, emptyPanes) === 'always',
  }
  const create = windowMachine<T, K, P, R>(windows, settings)
  const endless = endlessWindows(windows, settings.aggregate)
  return (source: EventStream<Event<T, K, P, D>>) =>
    defineOperator<Event<T, K, P, Diff>, Event<R, K, PaneInfo, M extends 'retracting' ? Diff : 1>>([source], {
      name: 'window',
      id,
      retracts: accumulation === 'retracting' ? 'always' : 'never',
      endless,
      create: (context) => create(context, { late: context.open(late), closed: context.open(closed) }),
    })
}

const emptyPanes = ['always', 'if-non-empty'] as const

function oneOf<V extends string>(name: string, value: V, values: readonly V[]): V {
  if (values.includes(value)) return value
  const expected = values.map((each) => show(each)).join(', ')
  throw new TidemarkError('invalid-argument', `window: ${name} must be one of ${expected}, got ${show(value)}`)
}
