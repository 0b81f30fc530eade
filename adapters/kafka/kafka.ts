import type { Observable } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'
import { type Duration, toPositiveMillis } from '../../lib/time.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { checkConnection, type ConnectionOptions } from './connection-options.ts'
import type { Decode, Decoder, KafkaMessage } from './decoder.ts'
import type { PartitionOffset } from './driver.ts'
import { type GroupOptions, toGroupSettings } from './group-options.ts'
import type { KafkaRecord } from './kafka-record.ts'
import type { Positions } from './reading/partitions-reader.ts'
import { SourceReader } from './reading/source-reader.ts'
import type { SourceSettings } from './reading/source-settings.ts'
import type { StandardSchema } from './standard-schema.ts'
import { type StartTime, toStartTime } from './start-time.ts'
import { checkedTopic, type DecodeOptions, toRead } from './topic.ts'

/** Options of `kafka`. */
export interface KafkaOptions<D = never> extends ConnectionOptions, Partial<GroupOptions>, DecodeOptions<D> {
  readonly topics: string | readonly string[]
  /** The only partitions to be read, of each topic; then the group, if there is one, is told of offsets alone. */
  readonly partitions?: readonly number[]
  /**
   * Where to begin, where neither a checkpoint nor an offset that the group has committed says so: `earliest` unless given, at a time
   * (of the records' timestamps), or at these offsets and with `earliest` elsewhere.
   */
  readonly start?: StartTime | readonly PartitionOffset[]
  /** Where to end: at what is there when it begins (`latest`), at a time, or at these offsets. Never unless given. */
  readonly end?: 'latest' | Date | readonly PartitionOffset[]
  /** How often offsets are committed in a job without checkpoints; `'5s'` unless given. */
  readonly commitEvery?: Duration
}

/**
 * Reads records of topics. Each partition is a split: it has a watermark of its own, and the lowest counts. An empty partition is told from
 * one that is slow to be read, so that an `idleTimeout` is about the former alone. Reads committed records only, and only as fast as the
 * job takes them: holds two answers of a broker for each partition.
 *
 * - In a job with checkpoints, and with `end` or `partitions`: all partitions, from where the checkpoint says. Exactly once. The `groupId`, if there is
 *   one, has the offsets of checkpoints, for those who watch its lag. Run one such job at a time; `kafkaJob` runs many.
 * - Else, with a `groupId`: those partitions that the group gives it. Offsets are committed when the results have been written: at least
 *   once, for pipelines that hold nothing. What windows, joins and `mapAsync` hold goes with the process, which is said aloud (`onNotice`, code
 *   `not-replayable`); a `kafkaJob` keeps it.
 * - Else, all partitions from `start` on, each time.
 *
 * Brokers that do not answer are waited for, and that is said aloud (`onNotice`, code `trouble`).
 *
 * @throws TidemarkError `invalid-argument` or `invalid-duration`; `input` as the error of the job, for a Node that is too old, a topic that is not there, an offset at which nothing is
 *   any more, and what is refused
 * @example
 * const hits = kafka({ brokers: ['localhost:9092'], topics: 'hits', decode: ({ value }) => JSON.parse(String(value)) as Hit })
 * await run(hits.pipe(assignTimestamps((hit) => hit.time, boundedOutOfOrderness('1m')), ...), sink, { checkpoint: { dir: 'state' } }).done
 */
export function kafka(options: KafkaOptions): Observable<KafkaRecord>
export function kafka<T>(options: KafkaOptions<StandardSchema<T>>): Observable<KafkaMessage<T>>
export function kafka<T>(options: KafkaOptions<Decode<T>>): Observable<T>
export function kafka(options: KafkaOptions<Decoder<unknown>>): Observable<unknown> {
  return toRead('kafka', options)(kafkaRecords(toSourceSettings('kafka', options)))
}

/** Reads records as settings say. */
export function kafkaRecords(settings: SourceSettings): Observable<KafkaRecord> {
  return defineSource<KafkaRecord>({
    name: settings.name,
    open: (context, position) => new SourceReader(settings, context, position as Positions | undefined),
  })
}

/**
 * @param who names the adapter in errors
 * @throws TidemarkError `invalid-argument` or `invalid-duration`
 */
export function toSourceSettings(
  who: string,
  options: KafkaOptions<Decoder<unknown>>,
  isTable = false,
): SourceSettings {
  checkConnection(who, options)
  const { topics: given, partitions, groupId, start = 'earliest', end, commitEvery = '5s' } = options
  const topics = (typeof given === 'string' ? [given] : given).map((name) => checkedTopic(who, name))
  if (topics.length === 0) throw new TidemarkError('invalid-argument', `${who}: expected a topic, got none`)
  if (partitions !== undefined && !partitions.every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw new TidemarkError('invalid-argument', `${who}: partitions must be numbers >= 0, got ${show(partitions)}`)
  }
  const hasBounds = end !== undefined || partitions !== undefined || isOffsets(start)
  return {
    name: `${who}(${topics.join(', ')})`,
    connection: options,
    topics,
    partitions,
    group: groupId === undefined ? undefined : toGroupSettings(who, { ...options, groupId }),
    start: isOffsets(start) ? 'earliest' : toStartTime(who, start),
    offsets: isOffsets(start) ? start : [],
    end: end === undefined || isOffsets(end) ? end : toStartTime(who, end),
    isTable,
    commitEvery: toPositiveMillis(commitEvery, `${who}: commitEvery`),
    isMember: (isCheckpointed) => groupId !== undefined && !isCheckpointed && !hasBounds && !isTable,
  }
}

function isOffsets(value: StartTime | readonly PartitionOffset[]): value is readonly PartitionOffset[] {
  return Array.isArray(value)
}
