import type { JobRecord } from '../../../lib/checkpoint/job-record.ts'
import type { Clock } from '../../../lib/clock.ts'
import { messageOf, TidemarkError } from '../../../lib/errors.ts'
import { decode } from '../../../lib/state/codec.ts'
import type { CellReader, Commit, Recovered, StateStore } from '../../../lib/state/state-store.ts'
import type { KafkaDriver, PartitionOffset, TopicPartition } from '../driver.ts'
import { partitionName } from '../partition-name.ts'
import type { RecordWriter } from '../record-writer.ts'
import { type CellBytes, cellBytes, type ChangelogReceiver, commitRecords, readChangelog } from './changelog.ts'
import { type CellChange, type LocalStore, LocalState } from './local-state.ts'
import { RestoredState } from './restored-state.ts'

/** What a store of a task works with. */
export interface ChangelogHost {
  readonly driver: KafkaDriver
  readonly writer: RecordWriter
  readonly clock: Clock
  /** Where a copy is kept on the machine; nowhere unless given. */
  readonly local: LocalStore | undefined
  /** The partition of the changelog that is the task's. */
  readonly changelog: TopicPartition
  /** The partitions that the task reads, by the ids of its sources. */
  readonly inputs: ReadonlyMap<string, TopicPartition>
  /** Throws if others may have the task by now: where there is no transaction, what is written counts at once. */
  check(): void
  /** Makes what has been written visible, and with it how far the inputs have been processed. */
  publish(offsets: readonly PartitionOffset[]): Promise<void>
  /** Tells how many records of the changelog have been read. */
  restoring(read: number, all: number): void
  /** All of it has been read. */
  restored(): void
  /** The task is to go before it has begun. */
  isOver(): boolean
}

/**
 * Keeps the state of a task in a partition of a compacted topic: a commit is one transaction, together with the results and the offsets
 * of the inputs, so that all of it counts or none.
 */
export class ChangelogStore implements StateStore {
  readonly reader?: CellReader
  readonly #host: ChangelogHost
  #local: LocalState | undefined
  /** Takes back what a commit that was not finished has left in the changelog. */
  #corrections: readonly CellBytes[] = []
  /** What the last commit said of the inputs, and how many records had been sent by then. */
  #published: { readonly offsets: readonly PartitionOffset[]; readonly sent: number } | undefined

  constructor(host: ChangelogHost) {
    this.#host = host
    if (host.local?.open().reader === undefined) return
    this.reader = {
      get: (table, key) => this.#local?.reader?.get(table, key),
      from: (table, at, count) => this.#local?.reader?.from(table, at, count) ?? [],
    }
  }

  async open(): Promise<Recovered | undefined> {
    const recovered = await this.#restore()
    this.#host.restored()
    return recovered
  }

  async commit(commit: Commit): Promise<void> {
    const { writer, changelog } = this.#host
    const cells: CellBytes[] = [...this.#corrections]
    const changes: CellChange[] = []
    commit.changes((table, key, value) => {
      cells.push(cellBytes(table, key, value))
      if (this.#local !== undefined) changes.push([table, key, value])
    })
    const offsets = this.#offsets(commit.meta)
    // A task to which nothing happens costs nothing.
    if (cells.length === 0 && this.#isPublished(offsets)) return
    try {
      this.#host.check()
      await writer.write(commitRecords(changelog, cells, commit))
      await writer.flush()
      const next = this.#local && (await this.#end())
      await this.#host.publish(offsets)
      // From here on it counts, whatever becomes of the copy.
      if (next !== undefined) {
        await this.#local?.commit(changes, commit, next, this.#host.clock.now(), (write) => commit.all(write))
      }
    } catch (error) {
      const what = `${partitionName(changelog)}: commit ${commit.epoch} failed`
      throw new TidemarkError('checkpoint', `${what}: ${messageOf(error)}`, { cause: error })
    }
    this.#corrections = []
    this.#published = { offsets, sent: writer.sent }
  }

  async close(): Promise<void> {
    const local = this.#local
    this.#local = undefined
    await local?.close()
  }

  async #restore(): Promise<Recovered | undefined> {
    const { driver, changelog, local, clock } = this.#host
    const [first] = await driver.offsets([changelog], 'earliest')
    const start = first?.offset ?? 0
    if (local === undefined) {
      const state = new RestoredState()
      this.#corrections = state.insteadOf(await this.#read(start, (cells, head) => state.commit(cells, head)))
      return state.recovered()
    }
    const state = await LocalState.open(local, start, clock.now())
    this.#local = state
    const torn = await this.#read(state.next, (cells, head, next) => state.apply(cells, head, next, clock.now()))
    this.#corrections = state.insteadOf(torn)
    return state.recovered()
  }

  /** Reads the commits of the changelog from an offset on; gives what is of none. */
  async #read(from: number, commit: ChangelogReceiver['commit']): Promise<ReadonlyMap<string, CellBytes>> {
    const host = this.#host
    const { driver, changelog } = host
    const torn = await readChangelog(driver, changelog, from, {
      commit,
      progress: (read, all) => host.restoring(read, all),
      isOver: () => host.isOver(),
    })
    if (host.isOver()) throw new TidemarkError('checkpoint', `${partitionName(changelog)}: given up while it was read`)
    return torn
  }

  /** Behind what was written last, before the mark that ends the transaction. */
  async #end(): Promise<number> {
    const [end] = await this.#host.driver.offsets([this.#host.changelog], 'end')
    return end?.offset ?? 0
  }

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
