import { callbackError } from '../../lib/callback-error.ts'
import { messageOf, show, TidemarkError } from '../../lib/errors.ts'
import { warn } from '../../lib/job/notice.ts'
import type { Sink } from '../../lib/sink.ts'
import type { ConnectionOptions } from './connection-options.ts'
import type { Compression, KafkaDriver, Producer } from './driver.ts'
import type { KafkaHeader, OutgoingRecord } from './kafka-record.ts'
import { partitionOf } from './key-bytes.ts'
import { openDriver } from './open-driver.ts'
import { troubleNotice } from './trouble-notice.ts'
import { RecordWriter } from './record-writer.ts'

/** What a record's key, value or header is made of: text becomes UTF-8. */
export type RecordPart = string | Uint8Array | undefined

/** How values become records. */
export interface ToKafkaOptions<T> extends Partial<ConnectionOptions> {
  readonly topic: string
  /** The key of a value. It decides the partition, as for Kafka's own clients. Without one, records go to the partitions in turn. */
  readonly key?: (value: T) => RecordPart
  /** What becomes the record's value; JSON unless given. */
  readonly value?: (value: T) => RecordPart
  /** Values that stand for the end of what their key stood for: their records have no value. */
  readonly tombstone?: (value: T) => boolean
  readonly headers?: (value: T) => readonly KafkaHeader[]
  /** The record's timestamp, epoch ms; the time of writing unless given. */
  readonly timestamp?: (value: T) => number
  /** The partition, in place of the key's. */
  readonly partition?: (value: T, partitions: number) => number
  /** Of batches; `none` unless given. In a `kafkaJob` its option counts. */
  readonly compression?: Compression
}

/** Writes to a topic, with a writer that it was given, or one of its own. */
export class KafkaSink<T> implements Sink<T> {
  readonly name: string
  readonly #options: ToKafkaOptions<T>
  #writer: RecordWriter | undefined
  /** Its own. */
  #opened: { readonly driver: KafkaDriver; readonly producer: Producer } | undefined
  #partitions = 0
  /** Where the next record without a key goes. */
  #turn = 0

  constructor(options: ToKafkaOptions<T>, writer: RecordWriter | undefined) {
    this.name = `toKafka(${options.topic})`
    this.#options = options
    this.#writer = writer
  }

  /** The same sink, writing in a task's transaction. */
  within(writer: RecordWriter): KafkaSink<T> {
    return new KafkaSink(this.#options, writer)
  }

  async open(): Promise<void> {
    await this.#attempt(async () => {
      const { topic } = this.#options
      this.#writer ??= await this.#own()
      this.#partitions = await this.#writer.partitions(topic)
    })
  }

  async write(values: readonly T[]): Promise<void> {
    const records: OutgoingRecord[] = []
    for (const value of values) records.push(this.#record(value))
    const { tombstone } = this.#options
    await this.#attempt(() => this.#writer?.write(tombstone === undefined ? records : lastOfEach(records)))
  }

  async end(): Promise<void> {
    await this.prepare()
    await this.close()
  }

  async prepare(): Promise<void> {
    await this.#attempt(() => this.#writer?.flush())
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    await opened?.producer.close()
    await opened?.driver.close()
  }

  async #own(): Promise<RecordWriter> {
    const { brokers, compression } = this.#options
    if (brokers === undefined) {
      throw new TidemarkError('invalid-argument', `${this.name}: expected brokers, or to be the sink of a kafkaJob`)
    }
    const driver = await openDriver(this.name, { ...this.#options, brokers }, (trouble) => warn(troubleNotice(trouble)))
    const producer = driver.producer({ compression })
    this.#opened = { driver, producer }
    await producer.open()
    return new RecordWriter(driver, producer)
  }

  #record(value: T): OutgoingRecord {
    const { topic, key, value: valueOf = JSON.stringify, tombstone, headers, timestamp, partition } = this.#options
    try {
      const keyPart = toBuffer(key?.(value))
      const at = partition?.(value, this.#partitions) ?? this.#place(keyPart)
      if (!Number.isSafeInteger(at) || at < 0 || at >= this.#partitions) {
        throw new Error(`expected a partition from 0 to ${this.#partitions - 1}, got ${show(at)}`)
      }
      return {
        topic,
        partition: at,
        timestamp: timestamp?.(value),
        key: keyPart,
        value: tombstone?.(value) === true ? undefined : toBuffer(valueOf(value)),
        headers: headers?.(value),
      }
    } catch (error) {
      throw callbackError(error, this.name)
    }
  }

  #place(key: Buffer | undefined): number {
    if (key !== undefined) return partitionOf(key, this.#partitions)
    this.#turn = (this.#turn + 1) % this.#partitions
    return this.#turn
  }

  async #attempt(work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof TidemarkError) throw error
      throw new TidemarkError('output', `${this.name}: ${messageOf(error)}`, { cause: error, operator: this.name })
    }
  }
}

function toBuffer(part: RecordPart): Buffer | undefined {
  if (part === undefined) return undefined
  if (typeof part === 'string') return Buffer.from(part)
  if (part instanceof Uint8Array)
    return Buffer.isBuffer(part) ? part : Buffer.from(part.buffer, part.byteOffset, part.byteLength)
  throw new Error(`expected text or bytes, got ${show(part)}`)
}

/** Leaves out tombstones that are followed by a record of the same key. */
function lastOfEach(records: readonly OutgoingRecord[]): readonly OutgoingRecord[] {
  const following = new Set<string>()
  const kept: OutgoingRecord[] = []
  for (const record of records.toReversed()) {
    const name = `${record.partition} ${record.key?.toString('latin1') ?? ''}`
    if (record.value === undefined && following.has(name)) continue
    following.add(name)
    kept.push(record)
  }
  return kept.reverse()
}
