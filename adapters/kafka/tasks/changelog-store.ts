import type { JobRecord } from '../../../lib/checkpoint/job-record.ts'
import { messageOf, TidemarkError } from '../../../lib/errors.ts'
import { decode } from '../../../lib/state/codec.ts'
import type { Commit, Recovered, StateStore } from '../../../lib/state/state-store.ts'
import type { KafkaDriver, PartitionOffset, TopicPartition } from '../driver.ts'
import type { RecordWriter } from '../record-writer.ts'
import { type CellBytes, cellBytes, commitRecords, readChangelog } from './changelog.ts'
import { RestoredState } from './restored-state.ts'

/** What a store of a task works with. */
export interface ChangelogHost {
  readonly driver: KafkaDriver
  readonly writer: RecordWriter
  /** The partition of the changelog that is the task's. */
  readonly changelog: TopicPartition
  /** The partitions that the task reads, by the ids of its sources. */
  readonly inputs: ReadonlyMap<string, TopicPartition>
  /** Makes what has been written visible, and with it how far the inputs have been processed. */
  publish(offsets: readonly PartitionOffset[]): Promise<void>
  /** Tells how many records of the changelog have been read. */
  restoring(read: number, all: number): void
  /** The task is to go before it has begun. */
  isOver(): boolean
}

/**
 * Keeps the state of a task in a partition of a compacted topic: a commit is one transaction, together with the results and the offsets
 * of the inputs, so that all of it counts or none.
 */
export class ChangelogStore implements StateStore {
  readonly #host: ChangelogHost
  /** Takes back what a commit that was not finished has left in the changelog. */
  #corrections: readonly CellBytes[] = []
  /** What the last commit said of the inputs, and how many records had been sent by then. */
  #published: { readonly offsets: readonly PartitionOffset[]; readonly sent: number } | undefined

  constructor(host: ChangelogHost) {
    this.#host = host
  }

  async open(): Promise<Recovered | undefined> {
    const host = this.#host
    const { driver, changelog } = host
    const state = new RestoredState()
    const [start] = await driver.offsets([changelog], 'earliest')
    const torn = await readChangelog(driver, changelog, start?.offset ?? 0, {
      commit: (cells, head) => state.commit(cells, head),
      progress: (read, all) => host.restoring(read, all),
      isOver: () => host.isOver(),
    })
    if (host.isOver()) throw new TidemarkError('checkpoint', `${changelog.topic}: given up while it was read`)
    this.#corrections = state.insteadOf(torn)
    return state.recovered()
  }

  async commit(commit: Commit): Promise<void> {
    const { writer, changelog } = this.#host
    const cells: CellBytes[] = [...this.#corrections]
    commit.changes((table, key, value) => {
      cells.push(cellBytes(table, key, value))
    })
    const offsets = this.#offsets(commit.meta)
    // A task to which nothing happens costs nothing.
    if (cells.length === 0 && this.#isPublished(offsets)) return
    try {
      await writer.write(commitRecords(changelog, cells, commit))
      await writer.flush()
      await this.#host.publish(offsets)
    } catch (error) {
      const { topic, partition } = changelog
      throw new TidemarkError(
        'checkpoint',
        `${topic}-${partition}: commit ${commit.epoch} failed: ${messageOf(error)}`,
        {
          cause: error,
        },
      )
    }
    this.#corrections = []
    this.#published = { offsets, sent: writer.sent }
  }

  async close(): Promise<void> {}

  /** How far the inputs have been processed, as the checkpoint has it. */
  #offsets(meta: Uint8Array): readonly PartitionOffset[] {
    const { sources } = decode(meta) as JobRecord
    const offsets: PartitionOffset[] = []
    for (const [id, input] of this.#host.inputs) {
      const position = sources.get(id)?.position
      if (typeof position === 'number') offsets.push({ ...input, offset: position })
    }
    return offsets
  }

  #isPublished(offsets: readonly PartitionOffset[]): boolean {
    const last = this.#published
    if (last === undefined || last.sent !== this.#host.writer.sent || last.offsets.length !== offsets.length)
      return false
    return offsets.every(({ offset }, index) => offset === last.offsets[index]?.offset)
  }
}
