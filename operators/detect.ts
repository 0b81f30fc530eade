import type { OperatorFunction } from 'rxjs'
import type { Element, Event, EventStream } from '../lib/element.ts'
import { show, TidemarkError } from '../lib/errors.ts'
import { compiled } from '../lib/patterns/compiled-pattern.ts'
import { DetectMachine } from '../lib/patterns/detect-machine.ts'
import type { Match, PartOfMatch, Pattern } from '../lib/patterns/pattern.ts'
import { type Skip, skipBound } from '../lib/patterns/skip.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** A partial match whose time was over before it was complete, of a pattern of type `P`: `TimedOut<typeof probes>`. */
export type TimedOut<P> =
  P extends Pattern<infer T, infer S>
    ? {
        /** The stage that has taken the last event. */
        readonly reached: keyof S & string
        /** What had matched by then. */
        readonly matched: PartOfMatch<T, S>
      }
    : never

/** Options of `detect`. */
export interface DetectOptions<T, S extends object, K, P> {
  /**
   * Where the next match may begin when one has left. `none`, unless given: anywhere, every match leaves. `to-next`: behind the
   * first event of the match. `past-last`: behind its last. `{ toFirst: 'b' }`, `{ toLast: 'b' }`: with the first, or last, event
   * of that stage; where it was left out, nothing is skipped.
   */
  readonly skip?: Skip<keyof S & string>
  /** Gets the partial matches whose time is over before they are complete, with the last moment that they had. */
  readonly timedOut?: SideOutput<Event<TimedOut<Pattern<T, S>>, K, undefined>>
  /** Gets the events that come behind the watermark. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P>>
  /** How many partial matches a key may have; 10,000 unless given. */
  readonly limit?: number
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Finds sequences of events of a key that fit a pattern.
 *
 * Events are matched in the order of their times, those of one time in that of arrival, when the watermark has passed them. So the
 * result does not depend on the order in which they came. A match leaves with the time of its last event. If it was not certain by
 * then, it leaves with the time at which it was: with `notFollowedBy` or `notNext` at the end, the last moment in which something
 * could have come, or the event that `notNext` was about; with `skip`, the time at which no match that begins earlier could skip it
 * any more. Matches leave in the order of these times over all keys; those of one event from the one that begins first on.
 *
 * With `detect(begin('small', (n: number) => n < 3).followedBy('large', (n) => n > 7).within(10), { late, timedOut })`:
 *
 * ```marbles
 * in        x:1@2  x:9@6  x:5@4  ~8                         x:8@7     x:2@9  ~30
 * out                            x:{"large":9,"small":1}@6
 * late                                                      L(x:8@7)
 * timedOut                                                                   L(x:{"matched":{"small":2},"reached":"small"}@18)
 * ```
 *
 * An event behind the watermark is late: it is counted, and handed to `late`.
 *
 * Holds the events that the watermark has not passed, and, of each key, the partial matches whose time is not over: at the latest
 * `within` after its first event each is freed, and a key with its last one. An event that fits nothing is counted as filtered.
 *
 * @throws TidemarkError `invalid-argument` when built with options that are none; as the error of the job: `callback`, when a
 *   condition throws; `overflow`, when a key has more than `limit` partial matches; `unsupported`, for a retraction that got past
 *   the types
 * @see FlinkCEP, whose semantics these are; docs/patterns.md says where they differ
 * @example
 * const probes = begin('small', (payment: Payment) => payment.amount < 2)
 *   .followedBy('large', (payment) => payment.amount > 500)
 *   .within('10m')
 * const found = payments.pipe(keyBy((payment) => payment.card), detect(probes, { skip: 'past-last' }))
 */
export function detect<T, S extends object, K, P>(
  pattern: Pattern<T, S>,
  options: DetectOptions<T, S, K, P> = {},
): OperatorFunction<Element<T, K, P>, Element<Match<T, S>, K, undefined>> {
  const { skip = 'none', timedOut, late, limit = 10_000, id } = options
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new TidemarkError('invalid-argument', `detect: limit must be a whole number > 0, got ${show(limit)}`)
  }
  const { automaton, within, stages } = compiled(pattern, 'detect')
  const settings = { automaton, within, limit, skip: skipBound(skip, stages) }
  return (source: EventStream<Event<T, K, P>>) =>
    defineOperator<Event<T, K, P>, Event<Match<T, S>, K, undefined>>([source], {
      name: 'detect',
      id,
      retracts: 'never',
      create: (context) => new DetectMachine<T, K, P>(settings, context, context.open(late), context.open(timedOut)),
    })
}
