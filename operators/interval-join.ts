import type { OperatorFunction } from 'rxjs'
import type { Diff, Element, Event, EventStream, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import { delayedWatermarks } from '../lib/joins/delayed-watermarks.ts'
import { IntervalMachine, type IntervalSettings } from '../lib/joins/interval-machine.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { oneOf } from '../lib/one-of.ts'
import { type Duration, toMillis } from '../lib/time.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Which events without a partner leave, too: those of neither side, of one, or of both. */
export type IntervalJoinKind = 'inner' | 'left' | 'right' | 'full'

/** The kinds for streams with `D`: what was said to have no partner is not taken back. */
type KindFor<D extends Diff> = [D] extends [1] ? IntervalJoinKind : 'inner'

/** The values of a join of kind `J`; a side that may be missing may be `undefined`. */
export type IntervalJoined<J extends IntervalJoinKind, L, R> = Joined<
  J extends 'right' | 'full' ? L | undefined : L,
  J extends 'left' | 'full' ? R | undefined : R
>

/** Options of `intervalJoin`. */
export interface IntervalJoinOptions<LE, RE, J extends IntervalJoinKind = IntervalJoinKind> {
  /**
   * `inner`, unless given: pairs alone. `left`, `right`, `full`: also the events of that side, or of both, that have no partner,
   * with `undefined` in its place.
   */
  readonly kind?: J
  /** Whether a partner may be exactly at `left.time + lower`; true unless given. */
  readonly lowerInclusive?: boolean
  /** Whether a partner may be exactly at `left.time + upper`; true unless given. */
  readonly upperInclusive?: boolean
  /** Gets the events of the left stream that come too late. They are counted in any case. */
  readonly lateLeft?: SideOutput<LE>
  /** Gets the events of the right stream that come too late. They are counted in any case. */
  readonly lateRight?: SideOutput<RE>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Pairs each event with those of another stream that have its key and are near it in time: `right.time` in
 * `[left.time + lower, left.time + upper]`.
 *
 * A pair leaves as soon as both are there, with the larger time. An event without a partner, if the `kind` wants it, leaves
 * exactly once, with its own time, when no partner that is on time can come any more: when the watermark is greater than
 * `left.time + upper`, or `right.time - lower`. Those that one watermark finds leave in the order of these instants, over all
 * keys. So that they are on time for what follows, these kinds hold the watermark back: `left` by `upper`, `right` by `-lower`,
 * `full` by the greater of both.
 *
 * An event behind the watermark is paired like any other while its own instant has not passed. After that it is late: it is
 * counted, and handed to `lateLeft` or `lateRight`; or, if the `kind` wants it, it leaves at once without a partner. An event
 * that is on time after its instant, because all its partners are before it, is paired with what is held.
 *
 * With `intervalJoin(right, 0, 2, { kind: 'left', lateRight: late })`:
 *
 * ```marbles
 * left   1@1                          2@4      ~7            |
 * right       5@3                          ~7                   6@4     |
 * out         {"left":1,"right":5}@3           {"left":2}@4
 * late                                                          L(6@4)
 * ```
 *
 * Holds each event until its instant, and not longer. A retraction takes back the pairs that the latest event with its key,
 * time and an equal value is in, and is late when such an event would be. For that, streams that may take values back, or of
 * which it is not known, are held longer by an inner join: the left one by `-lower`, the right one by `upper`, if positive.
 *
 * @param right the other stream, with keys of the same type
 * @param lower the least `right.time - left.time`; may be negative
 * @param upper the greatest `right.time - left.time`, not less than `lower`
 * @throws TidemarkError `invalid-argument` or `invalid-duration` when built with options or durations that are none, or with
 *   an interval that is empty; `unsupported` as the error of the job, when a value is taken back that is not there, or at all
 *   from a join that is not `inner` and got past the types
 * @see Flink's interval join, which drops what is behind the watermark in its DataStream API and pairs it in SQL, as here
 * @example
 * orders.pipe(intervalJoin(payments, 0, '30m', { kind: 'left' }), changes())
 */
export function intervalJoin<
  L,
  R,
  K,
  PL,
  PR,
  D extends Diff = 1,
  DR extends Diff = 1,
  J extends IntervalJoinKind & KindFor<D | DR> = 'inner',
>(
  right: Stream<R, K, PR, DR>,
  lower: Duration,
  upper: Duration,
  options: IntervalJoinOptions<Event<L, K, PL, D>, Event<R, K, PR, DR>, J> = {},
): OperatorFunction<Element<L, K, PL, D>, Element<IntervalJoined<J, L, R>, K, undefined, D | DR>> {
  const { id, lateLeft, lateRight } = options
  const settings = settingsOf(lower, upper, options)
  return (left: EventStream<Event<L, K, PL, D>>) => {
    const joined = defineOperator<Event<L | R, K, PL | PR, Diff>, Event<IntervalJoined<J, L, R>, K, undefined, D | DR>>(
      [left, right],
      {
        name: 'intervalJoin',
        id,
        ...(settings.kind === 'inner' ? {} : { retracts: 'never' }),
        create: (context) =>
          new IntervalMachine<L | R, K>(settings, context, {
            left: context.open(lateLeft),
            right: context.open(lateRight),
          }),
      },
    )
    return delayedWatermarks(joined, delayOf(settings))
  }
}

function settingsOf<LE, RE>(
  lower: Duration,
  upper: Duration,
  { kind = 'inner', lowerInclusive = true, upperInclusive = true }: IntervalJoinOptions<LE, RE>,
): IntervalSettings {
  oneOf('intervalJoin: kind', kind, ['inner', 'left', 'right', 'full'])
  const least = toMillis(lower, 'intervalJoin: lower') + (lowerInclusive ? 0 : 1)
  const most = toMillis(upper, 'intervalJoin: upper') - (upperInclusive ? 0 : 1)
  if (least > most) {
    throw new TidemarkError(
      'invalid-argument',
      `intervalJoin: expected an interval with times in it, got ${lowerInclusive ? '[' : '('}${lower}, ${upper}${upperInclusive ? ']' : ')'}`,
    )
  }
  return { kind, lower: least, upper: most }
}

/** How far behind the watermark that makes it leave an event without a partner may be. */
function delayOf({ kind, lower, upper }: IntervalSettings): number {
  const left = kind === 'left' || kind === 'full' ? upper : 0
  const right = kind === 'right' || kind === 'full' ? -lower : 0
  return Math.max(0, left, right)
}
