import type { KafkaDriver, Producer } from './driver.ts'
import type { OutgoingRecord } from './kafka-record.ts'

/** Sends that may be under way at a time: enough to keep brokers busy while the next records are made. */
const maxPending = 4

/** Writes records without waiting for each, and so that what fails is told to whoever comes next. */
export class RecordWriter {
  readonly #driver: KafkaDriver
  readonly #producer: Producer
  readonly #counts = new Map<string, number>()
  readonly #pending = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined
  /** Records sent. */
  sent = 0

  constructor(driver: KafkaDriver, producer: Producer) {
    this.#driver = driver
    this.#producer = producer
  }

  /** How many partitions a topic has. */
  async partitions(topic: string): Promise<number> {
    const known = this.#counts.get(topic)
    if (known !== undefined) return known
    const count = (await this.#driver.partitionCounts([topic])).get(topic) ?? 0
    this.#counts.set(topic, count)
    return count
  }

  /** Sends records; waits while there is much under way. */
  async write(records: readonly OutgoingRecord[]): Promise<void> {
    this.#check()
    if (records.length === 0) return
    this.sent += records.length
    const sending: Promise<void> = this.#producer.send(records).then(
      () => void this.#pending.delete(sending),
      (error: unknown) => {
        this.#pending.delete(sending)
        this.#failure ??= { error }
      },
    )
    this.#pending.add(sending)
    while (this.#pending.size >= maxPending) await Promise.race(this.#pending)
    this.#check()
  }

  /** Waits until all that was sent is written. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending)
    this.#check()
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}
