import type { OperatorFunction } from 'rxjs'
import type { Diff, Element, Event, EventStream } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { TableJoinMachine } from '../lib/joins/table-join-machine.ts'
import { oneOf } from '../lib/one-of.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/** The rows that are in a view without a partner: none, those of the left table, of the right one, or of both. */
export type TableJoinKind = 'inner' | 'left' | 'right' | 'full'

/** The rows of a join of kind `J`; a side that may be missing may be `undefined`. */
export type TableJoined<J extends TableJoinKind, L, R> = Joined<
  J extends 'right' | 'full' ? L | undefined : L,
  J extends 'left' | 'full' ? R | undefined : R
>

/** Options of `tableJoin` by the same key. */
export interface TableJoinOptions<J extends TableJoinKind = TableJoinKind> {
  /** Which rows without a partner are in the view, too; `inner` unless given: none. */
  readonly kind?: J
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/** Options of `tableJoin` by a foreign key. */
export interface ForeignKeyJoinOptions<
  L,
  F,
  J extends 'inner' | 'left' = 'inner' | 'left',
> extends TableJoinOptions<J> {
  /** The key of the right row that a left row goes with; `null` or `undefined` for none. */
  readonly on: (left: L) => F | null | undefined
}

/**
 * Joins two tables: gives the changes of a view that has, at any moment, each row of the left table with the right one of its key.
 *
 * Both are changelogs with one row a key, such as those of `toTable` and `aggregate`. Each change leaves at once, under the key of
 * the left row: rows of the view that hold no longer are taken back, with the time they had, and new ones have the later time of
 * their two parts. Changes are taken as they come, whatever their times; none is late, and what leaves may be behind the watermark.
 * A row whose partner is replaced in one update, of `toTable`, an aggregate or another `tableJoin`, is not said to be alone in
 * between.
 *
 * With `tableJoin(right, { kind: 'left' })`, where both sides are tables of `toTable`:
 *
 * ```marbles
 * left   x:1@1
 * right                  x:5@3
 * out    x:{"left":1}@1  -x:{"left":1}@1&x:{"left":1,"right":5}@3
 *
 * left                                                       x:null@9
 * right  x:6@5
 * out    -x:{"left":1,"right":5}@3&x:{"left":1,"right":6}@5  -x:{"left":1,"right":6}@5
 * ```
 *
 * With `on`, a left row goes with the right row whose key it names; many may go with one. A change of that one changes the rows
 * of all of them in one go, which must not be more than the job's `bufferLimit`.
 *
 * Holds the rows of both tables until they are taken back, or the input ends; nothing of the view.
 *
 * @param right under the same keys as the left table, or those that `on` gives
 * @throws TidemarkError `invalid-argument` when built with a `kind` that is none; as the error of the job `invalid-key` for what
 *   is no key, and `unsupported` when a row is taken back that is not there, or the next row of a key comes before that. Of rows
 *   that are objects only key and time are compared
 * @see Kafka Streams' joins of two `KTable`s, by key and by foreign key; Flink SQL's regular joins
 * @example
 * const orders = orderChanges.pipe(keyBy((order) => order.id), toTable())
 * const customers = customerChanges.pipe(keyBy((customer) => customer.id), toTable())
 * orders.pipe(tableJoin(customers, { kind: 'left', on: (order) => order.customer }), changes())
 */
export function tableJoin<L, R, K, F, P, Q, D extends Diff, E extends Diff, J extends 'inner' | 'left' = 'inner'>(
  right: EventStream<Event<R, F, Q, E>>,
  options: ForeignKeyJoinOptions<L, F, J>,
): OperatorFunction<Element<L, K, P, D>, Element<TableJoined<J, L, R>, K, undefined, Diff>>
export function tableJoin<L, R, K, P, Q, D extends Diff, E extends Diff, J extends TableJoinKind = 'inner'>(
  right: EventStream<Event<R, K, Q, E>>,
  options?: TableJoinOptions<J> & { readonly on?: never },
): OperatorFunction<Element<L, K, P, D>, Element<TableJoined<J, L, R>, K, undefined, Diff>>
export function tableJoin<L, R, K, F, P, Q, J extends TableJoinKind = 'inner'>(
  right: EventStream<Event<R, F, Q, Diff>>,
  options: TableJoinOptions<J> & { readonly on?: (left: L) => F | null | undefined } = {},
): OperatorFunction<Element<L, K, P, Diff>, Element<TableJoined<J, L, R>, K, undefined, Diff>> {
  const { kind = 'inner', on, id } = options
  oneOf('tableJoin: kind', kind, on === undefined ? ['inner', 'left', 'right', 'full'] : ['inner', 'left'])
  const settings = {
    keepsLeft: kind === 'left' || kind === 'full',
    keepsRight: kind === 'right' || kind === 'full',
    on,
  }
  type Result = Event<TableJoined<J, L, R>, K, undefined, Diff>
  return (left: EventStream<Event<L, K, P, Diff>>) =>
    defineOperator<Event<L, K, P, Diff> | Event<R, F, Q, Diff>, Result>([left, right], {
      name: 'tableJoin',
      id,
      retracts: 'always',
      create: (context) =>
        // A side is missing only where the kind says so.
        new TableJoinMachine<L, R, K, F, P, Q>(settings, context),
    })
}
