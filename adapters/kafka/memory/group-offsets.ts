import type { PartitionOffset, TopicPartition } from '../driver.ts'
import type { Transaction } from './partition-log.ts'

/** What a group has committed, and what transactions are about to commit for it. */
export class GroupOffsets {
  readonly broker: number
  readonly #committed = new Map<string, PartitionOffset>()
  readonly #pending = new Map<Transaction, PartitionOffset[]>()
  #waiting: (() => void)[] = []

  /** @param broker coordinates the group */
  constructor(broker: number) {
    this.broker = broker
  }

  commit(offsets: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      this.#committed.set(keyOf({ topic, partition }), { topic, partition, offset })
    }
  }

  /** Commits when the transaction does. */
  commitWith(transaction: Transaction, offsets: readonly PartitionOffset[]): void {
    const pending = this.#pending.get(transaction)
    if (pending === undefined) this.#pending.set(transaction, [...offsets])
    else pending.push(...offsets)
  }

  /** Ends a transaction here. */
  mark(transaction: Transaction, isCommitted: boolean): void {
    const pending = this.#pending.get(transaction) ?? []
    this.#pending.delete(transaction)
    if (isCommitted) this.commit(pending)
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }

  /** Those of the partitions that have one, once no transaction is about to change them. */
  async stable(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    const asked = new Set(partitions.map(keyOf))
    while ([...this.#pending.values()].flat().some((offset) => asked.has(keyOf(offset)))) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return this.at(partitions)
  }

  /** Those of the partitions that have one by now. */
  at(partitions: readonly TopicPartition[]): readonly PartitionOffset[] {
    return partitions.flatMap((partition) => this.#committed.get(keyOf(partition)) ?? [])
  }
}

/** A partition, as a key of a map. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}
