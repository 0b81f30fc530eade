import type { OperatorFunction } from 'rxjs'
import type { Element, Event, EventStream } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { LatestJoin } from '../lib/joins/latest-join.ts'
import type { WithRow } from '../lib/joins/table-answers.ts'
import { VersionedJoin } from '../lib/joins/versioned-join.ts'
import { oneOf } from '../lib/one-of.ts'
import type { OperatorContext } from '../lib/wiring/machine.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Whether an event whose key has no row leaves: `left`, with `undefined` in its place, or not: `inner`. */
export type TemporalJoinKind = 'inner' | 'left'

/** Options of `temporalJoin`. */
export interface TemporalJoinOptions<L, R, K, P, Q, J extends TemporalJoinKind = TemporalJoinKind> {
  /** Whether events without a row leave, too; `inner` unless given: they don't. */
  readonly kind?: J
  /**
   * Which row an event gets. `versioned`, unless given: the one that was valid at the time of the event, when the watermark has
   * passed that. `latest`: the one that came last, at once.
   */
  readonly versions?: 'versioned' | 'latest'
  /** Gets the events for which the table is not known any more. They are counted in any case. */
  readonly lateLeft?: SideOutput<Event<L, K, P>>
  /** Gets the changes of the table that come too late for every event. They are counted in any case. */
  readonly lateRight?: SideOutput<Event<R, K, Q>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Joins each event with the row that a table has for its key.
 *
 * The table is a stream of its changes: an event is the new row of its key, from its time on, and a value of `null` or
 * `undefined` deletes the row. A change alone gives nothing, and takes nothing back.
 *
 * An event gets the row that was valid at its own time; of changes of one time, the one that came last counts. It leaves with its
 * own time when the watermark, the lower one of both inputs, has passed that: in the order of times over all keys, those of one
 * time in the order in which they came. So the result does not depend on how the inputs are interleaved.
 *
 * With `temporalJoin(table, { kind: 'left', lateLeft })`:
 *
 * ```marbles
 * left   x:5@3                    ~4                        x:6@5            x:7@3     |
 * right         x:2@1  x:3@4  ~6                                   x:null@5                            |
 * out                             x:{"left":5,"right":2}@3                             x:{"left":6}@5
 * late                                                                       L(x:7@3)
 * ```
 *
 * An event behind the watermark is answered at the next one, if what the table had at its time is still known, and is late if it
 * is not. A change behind the watermark counts from its time on, for what has not been answered, and as the row of the key if no
 * newer one has come. It is late if it is older than a change that has ended another one, and that the watermark has reached.
 *
 * Holds the events that the watermark has not passed, and of the table one change a key, with the history ahead of the watermark:
 * a change is freed when the watermark reaches the next one of its key, and a deleted key with its last change. So a row that is
 * never deleted is held until the input ends. Of all deleted keys together only the time of the latest delete is known: what is
 * older, and behind the watermark, is late where the key has no row.
 *
 * With `versions: 'latest'` an event leaves at once, with the row that has come last, whatever its time; nothing is late, and one
 * row a key is held. Then the result depends on the order of arrival.
 *
 * An input that is silent holds back the watermark: give a table that seldom changes an `idleTimeout`.
 *
 * @param table under the same keys as the stream
 * @throws TidemarkError `invalid-argument` when built with options that are none; `unsupported` as the error of the job, for a
 *   retraction that got past the types
 * @see Flink SQL's event-time temporal join, which gives an event whose version has been freed no row; Kafka Streams' joins of a
 *   stream and a table, versioned or not
 * @example
 * const prices = changes.pipe(keyBy((change) => change.item), map((change) => (change.op === 'delete' ? null : change.price)))
 * const priced = orders.pipe(keyBy((order) => order.item), temporalJoin(prices))
 */
export function temporalJoin<L, R, K, P, Q, J extends TemporalJoinKind = 'inner'>(
  table: EventStream<Event<R, K, Q>>,
  options: TemporalJoinOptions<L, R, K, P, Q, J> = {},
): OperatorFunction<
  Element<L, K, P>,
  Element<Joined<L, NonNullable<R> | (J extends 'left' ? undefined : never)>, K, undefined>
> {
  const { kind = 'inner', versions = 'versioned', lateLeft, lateRight, id } = options
  const isOuter = oneOf('temporalJoin: kind', kind, ['inner', 'left']) === 'left'
  const isVersioned = oneOf('temporalJoin: versions', versions, ['versioned', 'latest']) === 'versioned'
  type Result = Event<Joined<L, NonNullable<R> | (J extends 'left' ? undefined : never)>, K, undefined>
  return (source: EventStream<Event<L, K, P>>) =>
    defineOperator<Event<L, K, P> | Event<R, K, Q>, Result>([source, table], {
      name: 'temporalJoin',
      id,
      retracts: 'never',
      create(context) {
        const settings = { isOuter, lateLeft: context.open(lateLeft), lateRight: context.open(lateRight) }
        // An inner join gives no event without a row.
        const inFull = context as OperatorContext<WithRow<L, R, K>>
        return isVersioned ? new VersionedJoin(settings, inFull) : new LatestJoin(settings, inFull)
      },
    })
}
