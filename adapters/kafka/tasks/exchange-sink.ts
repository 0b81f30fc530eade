import { callbackError } from '../../../lib/callback-error.ts'
import type { Diff, Element, Event } from '../../../lib/element.ts'
import type { Sink } from '../../../lib/sink.ts'
import { checkKey, type Key } from '../../../lib/keyed/key.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import { keyBytes, partitionOf } from '../key-bytes.ts'
import type { RecordWriter } from '../record-writer.ts'
import { exchangedBytes } from './exchanged.ts'

export interface ExchangeSettings<T, KI, P, D extends Diff> {
  readonly topic: string
  /** The number of the task that writes. */
  readonly from: number
  readonly partitions: number
  readonly keyOf: (value: T, event: Event<T, KI, P, D>) => Key
  readonly writer: RecordWriter
}

/** Writes a stream of a task into the partitions of its keys, and into all partitions how far it has come. */
export class ExchangeSink<T, KI, P, D extends Diff> implements Sink<Element<T, KI, P, D>> {
  readonly name: string
  readonly #settings: ExchangeSettings<T, KI, P, D>
  #watermark = -Infinity
  #isIdle = false
  /** What has been said in each partition. */
  readonly #told: { watermark: number; isIdle: boolean }[]

  constructor(settings: ExchangeSettings<T, KI, P, D>) {
    this.name = `repartition(${settings.topic})`
    this.#settings = settings
    this.#told = Array.from({ length: settings.partitions }, () => ({ watermark: -Infinity, isIdle: false }))
  }

  async write(elements: readonly Element<T, KI, P, D>[]): Promise<void> {
    const records: OutgoingRecord[] = []
    for (const element of elements) {
      if (element.kind === 'event') records.push(this.#record(element))
      else if (element.kind === 'idle') this.#isIdle = true
      else this.#watermark = element.time
    }
    await this.#settings.writer.write(records)
  }

  async end(): Promise<void> {
    this.#watermark = Infinity
    await this.prepare()
  }

  /** Says how far it has come where that is not known. */
  async prepare(): Promise<void> {
    const { topic, from, writer } = this.#settings
    const [watermark, isIdle] = [this.#watermark, this.#isIdle]
    const records: OutgoingRecord[] = []
    for (const [partition, told] of this.#told.entries()) {
      if (told.watermark === watermark && told.isIdle === isIdle) continue
      records.push({ topic, partition, key: undefined, value: exchangedBytes([from, watermark, isIdle]) })
      told.watermark = watermark
      told.isIdle = isIdle
    }
    await writer.write(records)
    await writer.flush()
  }

  #record(event: Event<T, KI, P, D>): OutgoingRecord {
    const { topic, from, partitions, keyOf } = this.#settings
    const { value, time, diff, pane } = event
    this.#isIdle = false
    try {
      const key = keyOf(value, event)
      checkKey(key)
      const bytes = keyBytes(key)
      const partition = partitionOf(bytes, partitions)
      const told = this.#told[partition]
      if (told !== undefined) {
        told.watermark = this.#watermark
        told.isIdle = false
      }
      const sent = exchangedBytes([from, this.#watermark, time, key, diff, value, pane])
      return { topic, partition, key: bytes, value: sent }
    } catch (error) {
      throw callbackError(error, this.name, event)
    }
  }
}
