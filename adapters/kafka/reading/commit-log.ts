import type { Clock } from '../../../lib/clock.ts'
import type { PartitionOffset, TopicPartition } from '../driver.ts'
import { partitionName } from '../partition-name.ts'

/** Commits how far partitions have been processed, now and then. */
export class CommitLog {
  readonly #commit: (offsets: readonly PartitionOffset[]) => Promise<void>
  readonly #clock: Clock
  /** ms */
  readonly #every: number
  readonly #pending = new Map<string, PartitionOffset>()
  #callOff: (() => void) | undefined
  /** One commit at a time, in order. */
  #last: Promise<void> = Promise.resolve()

  constructor(commit: (offsets: readonly PartitionOffset[]) => Promise<void>, clock: Clock, every: number) {
    this.#commit = commit
    this.#clock = clock
    this.#every = every
  }

  note(at: TopicPartition, offset: number): void {
    this.#pending.set(partitionName(at), { topic: at.topic, partition: at.partition, offset })
    this.#callOff ??= this.#clock.at(this.#clock.now() + this.#every, () => {
      this.#callOff = undefined
      // Those that fail are told by the driver, and are tried again with the next.
      void this.flush().catch(() => {})
    })
  }

  /** Forgets partitions that others have. */
  forget(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) this.#pending.delete(partitionName(at))
  }

  /** Commits what is known now. */
  async flush(): Promise<void> {
    const offsets = [...this.#pending.values()]
    this.#pending.clear()
    if (offsets.length === 0) return this.#last
    const committing = this.#last.then(() => this.#commit(offsets))
    this.#last = committing.catch(() => {
      for (const offset of offsets) {
        const name = partitionName(offset)
        if (!this.#pending.has(name)) this.#pending.set(name, offset)
      }
    })
    await committing
  }

  close(): void {
    this.#callOff?.()
  }
}
