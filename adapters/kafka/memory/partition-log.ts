import { KafkaError } from '../kafka-error.ts'
import type { Fetched, OffsetTime, TopicPartition } from '../driver.ts'
import type { KafkaRecord } from '../kafka-record.ts'

/** A transaction, as the logs know it. */
export type Transaction = symbol

interface Entry {
  readonly record: KafkaRecord
  readonly transaction: Transaction | undefined
}

/** A partition: its records, and which of them may be seen by whom. Marks of transactions take an offset, as in a real log. */
export class PartitionLog implements TopicPartition {
  readonly topic: string
  readonly partition: number
  readonly broker: number
  /** The first offset that is still there. */
  start = 0
  /** Behind everything. */
  end = 0
  /** All but marks. */
  #entries: Entry[] = []
  /** Where transactions begin that are neither committed nor aborted. */
  readonly #open = new Map<Transaction, number>()
  readonly #aborted = new Set<Transaction>()
  #waiting: (() => void)[] = []

  /** @param broker leads it */
  constructor({ topic, partition }: TopicPartition, broker: number) {
    this.topic = topic
    this.partition = partition
    this.broker = broker
  }

  /** Behind the last record that is decided on: the last stable offset. */
  get stable(): number {
    let stable = this.end
    for (const first of this.#open.values()) stable = Math.min(stable, first)
    return stable
  }

  append(record: Omit<KafkaRecord, 'topic' | 'partition' | 'offset'>, transaction?: Transaction): number {
    const offset = this.end
    const { topic, partition } = this
    if (transaction !== undefined && !this.#open.has(transaction)) this.#open.set(transaction, offset)
    this.#entries.push({ record: { topic, partition, offset, ...record }, transaction })
    this.end += 1
    this.#changed()
    return offset
  }

  /** Ends a transaction here. */
  mark(transaction: Transaction, isCommitted: boolean): void {
    this.#open.delete(transaction)
    if (!isCommitted) this.#aborted.add(transaction)
    this.end += 1
    this.#changed()
  }

  /** Committed records from an offset on, `limit` at most. */
  read(from: number, limit: number): Fetched {
    if (from < this.start || from > this.end)
      throw new KafkaError(
        'out-of-range',
        `${this.topic}-${this.partition} has ${this.start} to ${this.end}, not ${from}`,
      )
    const { stable } = this
    const records: KafkaRecord[] = []
    for (let i = this.#indexOf(from); i < this.#entries.length; i++) {
      const entry = this.#entries[i]
      if (entry === undefined || entry.record.offset >= stable) break
      if (records.length === limit) return { records, next: entry.record.offset, end: stable }
      if (this.#isCommitted(entry)) records.push(entry.record)
    }
    return { records, next: Math.max(from, stable), end: stable }
  }

  /** Everything that is there: what has been committed, or also what is not, or was aborted. */
  records(isolation: 'committed' | 'uncommitted'): readonly KafkaRecord[] {
    if (isolation === 'committed') return this.read(this.start, Infinity).records
    return this.#entries.map((entry) => entry.record)
  }

  offsetAt(time: OffsetTime): number {
    if (time === 'earliest') return this.start
    if (time === 'end') return this.end
    const found = time === 'latest' ? undefined : this.records('committed').find(({ timestamp }) => timestamp >= time)
    return found?.offset ?? this.stable
  }

  /** Calls back when there is more to be seen than now. Returns what calls it off. */
  onChange(callback: () => void): () => void {
    this.#waiting.push(callback)
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== callback)
    }
  }

  /** Removes what is before `offset`. */
  deleteBefore(offset: number): void {
    this.start = Math.min(Math.max(this.start, offset), this.stable)
    this.#entries = this.#entries.slice(this.#indexOf(this.start))
    this.#changed()
  }

  /**
   * Keeps of each key the last record that was committed, and leaves gaps where others were.
   *
   * @param withTombstones removes those too that stand for nothing any more
   */
  compact(withTombstones: boolean): void {
    const { stable } = this
    const last = new Map<string | undefined, Entry>()
    const decided = this.#entries.filter((entry) => entry.record.offset < stable && this.#isCommitted(entry))
    for (const entry of decided) last.set(entry.record.key?.toString('latin1'), entry)
    this.#entries = this.#entries.filter((entry) => {
      const { key, value, offset } = entry.record
      if (offset >= stable) return true
      if (last.get(key?.toString('latin1')) !== entry) return false
      return value !== undefined || !withTombstones
    })
    this.#changed()
  }

  #isCommitted({ transaction }: Entry): boolean {
    return transaction === undefined || !(this.#aborted.has(transaction) || this.#open.has(transaction))
  }

  /** Index of the first entry at an offset, or behind it. */
  #indexOf(offset: number): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#entries[middle]?.record.offset ?? offset) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  #changed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }
}
