import type { Observable } from 'rxjs'
import { type Diff, type Element, event, type Event } from '../../lib/element.ts'
import { show, TidemarkError } from '../../lib/errors.ts'
import { UpsertMachine } from '../../lib/joins/upsert-machine.ts'
import { defineIngress } from '../../lib/wiring/ingress.ts'
import { defineOperator } from '../../lib/wiring/operator.ts'
import type { WatermarkStrategy } from '../../lib/watermarks/watermark-strategy.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { decoded, type RefusedRecords } from './decoded.ts'
import type { Decode } from './decoder.ts'
import { kafkaRecords, toSourceSettings } from './kafka.ts'
import type { KafkaRecord } from './kafka-record.ts'
import { checkedTopic, type Topic } from './topic.ts'

/** How records become rows. */
export interface RowOptions<T> {
  /** The row of a record that is no tombstone; what it throws is the reason why the record is refused. */
  readonly decode: Decode<T>
  /**
   * When watermarks are made, from the records' timestamps: `boundedOutOfOrderness('0s', { idleTimeout: '1s' })`, say. A table that is to
   * be looked up needs an `idleTimeout`, because it is silent most of the time.
   */
  readonly watermarks: WatermarkStrategy<Row<T>>
  /** Gets the records that could not be decoded, and those without a key. They are counted in any case. */
  readonly refused?: RefusedRecords
}

/** A row that is there from now on; without a value it is gone. */
export interface Row<T> {
  readonly key: string
  /** Epoch ms, of the record. */
  readonly time: number
  readonly value: T | null
}

/** Options of `kafkaTable`. */
export interface KafkaTableOptions<T> extends ConnectionOptions, RowOptions<T> {
  /** A compacted topic. */
  readonly topic: string
}

/** What a table's stream has: its rows come and go. */
export type TableElement<T> = Element<NonNullable<T>, string, undefined, Diff>

/**
 * Reads a compacted topic as a table: first the rows that are there, each once, then the changes. A record is the new row of its key (as
 * UTF-8), a tombstone deletes it. All partitions are read by each process. Holds the rows, as `toTable`.
 *
 * @throws as `kafka`
 * @see Kafka Streams' `GlobalKTable`
 * @example
 * const customers = kafkaTable({
 *   brokers,
 *   topic: 'customers',
 *   decode: ({ value }) => JSON.parse(String(value)) as Customer,
 *   watermarks: boundedOutOfOrderness('0s', { idleTimeout: '1s' }),
 * })
 */
export function kafkaTable<T>(options: KafkaTableOptions<T>): Observable<TableElement<T>> {
  checkRows('kafkaTable', options)
  const { topic, decode: _decode, watermarks: _watermarks, refused: _refused, ...connection } = options
  return toRows(kafkaRecords(toSourceSettings('kafkaTable', { ...connection, topics: topic }, true)), options)
}

/**
 * Names a topic that a `kafkaJob` reads as a table: of each task, the rows in its partition.
 *
 * @throws TidemarkError `invalid-argument`
 * @example
 * kafkaJob({ source: { orders: topic('orders', ...), customers: tableTopic('customers', { decode, watermarks }) }, ... })
 */
export function tableTopic<T>(name: string, options: RowOptions<T>): Topic<TableElement<T>> {
  checkRows('tableTopic', options)
  return { name: checkedTopic('tableTopic', name), read: (records) => toRows(records, options) }
}

function toRows<T>(
  records: Observable<KafkaRecord>,
  { decode, watermarks, refused }: RowOptions<T>,
): Observable<TableElement<T>> {
  const rows = decoded<Row<T>>(records, (record) => rowOf(record, decode), refused)
  const timed = defineIngress(rows, { name: 'assignTimestamps', timeOf: ({ time }) => time, strategy: watermarks })
  const keyed = defineOperator<Event<Row<T>, undefined, undefined>, KeyedRow<T>>([timed], {
    name: 'keyBy',
    create: (context) => ({
      onEvent: ({ value: { key, value }, time }) => context.emit(event(value, time, key)),
    }),
  })
  return defineOperator<KeyedRow<T>, Event<NonNullable<T>, string, undefined, Diff>>([keyed], {
    name: 'toTable',
    retracts: 'always',
    // Rows stay until they are deleted.
    create: (context) =>
      new UpsertMachine({ isDelete: undefined, ignoresOlder: false, keep: Number.MAX_VALUE }, context, undefined),
  })
}

type KeyedRow<T> = Event<T | null, string, undefined>

function rowOf<T>(record: KafkaRecord, decode: Decode<T>): Row<T> {
  const { key, value, timestamp } = record
  if (key === undefined) throw new Error('expected a key, got none')
  return { key: key.toString('utf8'), time: timestamp, value: value === undefined ? null : decode(record) }
}

function checkRows(who: string, { decode }: RowOptions<unknown>): void {
  if (typeof decode === 'function') return
  throw new TidemarkError('invalid-argument', `${who}: decode must be a function, got ${show(decode)}`)
}
