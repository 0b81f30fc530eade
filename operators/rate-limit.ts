import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Element, Event, EventStream } from '../lib/element.ts'
import { show, TidemarkError } from '../lib/errors.ts'
import type { EventOrder } from '../lib/keyed/keyed-logic.ts'
import { KeyedMachine } from '../lib/keyed/keyed-machine.ts'
import { orderOf } from '../lib/keyed/keyed-options.ts'
import { RateLogic, type RateState } from '../lib/keyed/rate-logic.ts'
import { type Duration, toPositiveMillis } from '../lib/time.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Options of `rateLimit`. */
export interface RateLimitOptions<T, K, P> {
  /**
   * `arrival`, unless given: events are judged at once, as they come. `time`: when the watermark has passed them, in the order of
   * their times.
   */
  readonly order?: EventOrder
  /** Gets the events that would be too many, which are counted as filtered in any case. */
  readonly exceeding?: SideOutput<Event<T, K, P>>
  /** Gets the events that come too late to be judged. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Lets at most `count` events of a key pass in any span of event time of the length `per`.
 *
 * An event at t passes unless there is a span `(s - per, s]` with it that `count` events have already passed in. It leaves at
 * once, under its key and pane, or is left out: it is counted as filtered, and handed to `exceeding`. Takes insertions only.
 *
 * With `rateLimit(2, 5, { exceeding })`:
 *
 * ```marbles
 * in         a@1  b@3  c@5     d@6  e@2     f@8  |
 * out        a@1  b@3          d@6          f@8  |
 * exceeding            L(c@5)       L(e@2)
 * ```
 *
 * Holds the times of the events of a key that have passed, at most `count` for each `per` that the watermark is behind; a time is
 * freed with the first event after the watermark is `per` beyond it, and the key when the watermark is that far beyond its latest
 * event. An event behind the watermark is late, because what it would be too many with may have been forgotten: it is counted, and
 * handed to `late`.
 *
 * With `order: 'time'` it also holds the events that the watermark has not passed. Then it makes no difference in which order
 * events came.
 *
 * @param count at least 1
 * @throws TidemarkError `invalid-duration` or `invalid-argument` when built with arguments that are none; `unsupported` as the
 *   error of the job, for a retraction that got past the types
 * @see the sliding window log of rate limiters
 * @example
 * alerts.pipe(keyBy((alert) => alert.host), rateLimit(3, '1h', { order: 'time' }))
 */
export function rateLimit<T, K, P>(
  count: number,
  per: Duration,
  options: RateLimitOptions<T, K, P> = {},
): MonoTypeOperatorFunction<Element<T, K, P>> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new TidemarkError(
      'invalid-argument',
      `rateLimit: expected a whole number of events above 0, got ${show(count)}`,
    )
  }
  const span = toPositiveMillis(per, 'rateLimit: per')
  // `per` after its latest event a key has nothing in a span with any event to come.
  const settings = { order: orderOf('rateLimit', options.order), keep: span - 1, lateness: 0 }
  return (source: EventStream<Event<T, K, P>>) =>
    defineOperator<Event<T, K, P>, Event<T, K, P>>([source], {
      name: 'rateLimit',
      id: options.id,
      retracts: 'never',
      create(context) {
        const exceeding = context.open(options.exceeding)
        return new KeyedMachine<T, K, P, Event<T, K, P>, RateState<K>>(
          settings,
          context,
          context.open(options.late),
          (turn) => new RateLogic({ count, per: span }, turn, exceeding),
        )
      },
    })
}
