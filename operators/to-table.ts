import type { OperatorFunction } from 'rxjs'
import type { Diff, Element, Event, EventStream } from '../lib/element.ts'
import { UpsertMachine } from '../lib/joins/upsert-machine.ts'
import { oneOf } from '../lib/one-of.ts'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'

/** Options of `toTable`. */
export interface ToTableOptions<T, K, P> {
  /** Tells of a value that it deletes the row of its key; `null` and `undefined` do so in any case. */
  readonly isDelete?: (value: NonNullable<T>) => boolean
  /**
   * What becomes of a change that is older than the last one of its key. `arrival`, unless given: it is taken as it comes.
   * `ignore`: it is late.
   */
  readonly outOfOrder?: 'arrival' | 'ignore'
  /**
   * How far behind the watermark changes are still taken, and so how long a row stays after its latest change: then it is taken
   * back as if it were deleted. Unless given, it is `'forever'`: until the end of the input.
   */
  readonly keep?: Duration
  /** Gets the changes that come too late. They are counted in any case. */
  readonly late?: SideOutput<Event<T, K, P>>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Makes a table of a stream in which each value is the new row of its key, and `null` or `undefined` deletes it.
 *
 * What comes out is a changelog, with one row a key: each change leaves at once, and takes the row before it back, with the time
 * that had. A row that is like the one before leaves, too. A delete of what is not there gives nothing.
 *
 * ```marbles
 * in   x:1@1  x:2@4         y:7@5  x:null@6  ~6  x:3@2  |
 * out  x:1@1  -x:1@1&x:2@4  y:7@5  -x:2@4    ~6  x:3@2  |
 * ```
 *
 * Holds the row of each key until it is deleted, or the watermark has passed its latest change by more than `keep`. What stands
 * at the end of the input is not taken back.
 *
 * With `outOfOrder: 'ignore'` a change that is older than the last one of its key is late, also when that was a delete: it does
 * not bring the row back. Of equal times the later arrival counts. Holds also the time of each delete, until the watermark has
 * passed it; of all deletes before that only the latest is known, and what is older than that is late where the key has no row.
 *
 * @throws TidemarkError `invalid-argument` or `invalid-duration` when built with options that are none; `unsupported` as the
 *   error of the job, for a retraction that got past the types
 * @see Kafka Streams' `toTable`, with versioned stores for `ignore`; Flink SQL's upsert sources
 * @example
 * const customers = changes.pipe(keyBy((change) => change.id), toTable({ isDelete: (change) => change.op === 'delete' }))
 */
export function toTable<T, K, P>(
  options: ToTableOptions<T, K, P> = {},
): OperatorFunction<Element<T, K, P>, Element<NonNullable<T>, K, undefined, Diff>> {
  const { isDelete, outOfOrder = 'arrival', keep = 'forever', late, id } = options
  const settings = {
    isDelete,
    ignoresOlder: oneOf('toTable: outOfOrder', outOfOrder, ['arrival', 'ignore']) === 'ignore',
    // Nothing is behind such a watermark but the end of the input.
    keep: keep === 'forever' ? Number.MAX_VALUE : toNonNegativeMillis(keep, 'toTable: keep'),
  }
  return (source: EventStream<Event<T, K, P>>) =>
    defineOperator<Event<T, K, P>, Event<NonNullable<T>, K, undefined, Diff>>([source], {
      name: 'toTable',
      id,
      retracts: 'always',
      create: (context) => new UpsertMachine(settings, context, context.open(late)),
    })
}
