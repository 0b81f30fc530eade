import type { Chunk, ChunkReader } from '../../../lib/chunk-source.ts'
import type { SourceContext } from '../../../lib/wiring/source.ts'
import type { GroupMember, KafkaDriver, MemberListener, PartitionOffset, TopicPartition } from '../driver.ts'
import type { KafkaRecord } from '../kafka-record.ts'
import { openDriver } from '../open-driver.ts'
import { troubleNotice } from '../trouble-notice.ts'
import { startOffsets } from './start-offsets.ts'
import { CommitLog } from './commit-log.ts'
import { endOffsets, fixedOffsets } from './offsets-of.ts'
import { partitionName } from '../partition-name.ts'
import { PartitionsReader, type Positions } from './partitions-reader.ts'
import type { SourceSettings } from './source-settings.ts'

/**
 * Reads topics for a job: all of their partitions, or as a member of a group those that it is given.
 */
export class SourceReader implements ChunkReader<KafkaRecord>, MemberListener {
  readonly #settings: SourceSettings
  readonly #context: SourceContext
  #driver: KafkaDriver | undefined
  #member: GroupMember | undefined
  #reader: PartitionsReader | undefined
  #commits: CommitLog | undefined
  #isClosed = false
  /** It has been said that results may be lost. */
  #hasWarned = false
  readonly #opened: Promise<PartitionsReader>
  #isOpen = false

  constructor(settings: SourceSettings, context: SourceContext, positions: Positions | undefined) {
    this.#settings = settings
    this.#context = context
    this.#opened = this.#open(positions)
    // Told by the first read.
    this.#opened.then(
      () => (this.#isOpen = true),
      () => {},
    )
  }

  read(): Chunk<KafkaRecord> | undefined | Promise<Chunk<KafkaRecord> | undefined> {
    return this.#isOpen ? this.#reader?.read() : this.#opened.then((reader) => reader.read())
  }

  lags(): ReadonlyMap<string, number> {
    return this.#reader?.lags() ?? new Map()
  }

  /** A checkpoint says how far it has come; the group is told, for those who watch it. */
  acknowledge(position: unknown): void {
    if (this.#settings.group === undefined || !(position instanceof Map)) return
    for (const [name, offset] of position as Positions) {
      const end = name.lastIndexOf('-')
      this.#commits?.note({ topic: name.slice(0, end), partition: Number(name.slice(end + 1)) }, offset)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#reader?.close()
    await this.#opened.catch(() => {})
    this.#reader?.close()
    this.#commits?.close()
    // What has been written by now is noted. Reading is over either way: what could not be committed is read again.
    await this.#member?.close().catch(() => {})
    await this.#commits?.flush().catch(() => {})
    await this.#driver?.close()
  }

  async assigned(partitions: readonly TopicPartition[]): Promise<void> {
    const { group, start } = this.#settings
    const driver = this.#driver
    if (driver === undefined || group === undefined) return
    await this.#orFail(async () => {
      for (const offset of await startOffsets(driver, group.groupId, partitions, start))
        this.#reader?.open(offset, { end: Infinity, latestUpTo: 0 })
    })
  }

  async revoked(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#reader?.leave(partitions)
    await this.#commits?.flush().catch(() => {})
    this.#commits?.forget(partitions)
  }

  lost(partitions: readonly TopicPartition[]): void {
    this.#commits?.forget(partitions)
    void this.#reader?.leave(partitions)
  }

  failed(error: unknown): void {
    this.#reader?.fail(error)
  }

  async #open(positions: Positions | undefined): Promise<PartitionsReader> {
    const { name, connection, group, topics, isMember, commitEvery } = this.#settings
    const { clock, isCheckpointed, notify } = this.#context
    const driver = await openDriver(name, connection, (trouble) => notify(troubleNotice(trouble)))
    this.#driver = driver
    this.#commits = group && new CommitLog((offsets) => this.#commit(offsets), clock, commitEvery)
    const reader = new PartitionsReader(driver, {
      taken: (at, offset) => {
        if (!isCheckpointed && this.#commits !== undefined) this.#taken(at, offset)
      },
    })
    const counts = await driver.partitionCounts(topics)
    this.#reader = reader
    if (this.#isClosed) return reader
    if (isMember(isCheckpointed) && group !== undefined) {
      this.#member = driver.member({ ...group, topics, keepsTogether: false, listener: this })
      return reader
    }
    const all = topics.flatMap((topic) => partitionsOf(topic, counts.get(topic) ?? 0, this.#settings.partitions))
    await this.#openAll(driver, reader, all, positions)
    return reader
  }

  /** Notes an offset when what came of the records before it has been written. */
  #taken(at: TopicPartition, offset: number): void {
    const { name } = this.#settings
    const { whenWritten, holder, notify } = this.#context
    whenWritten(() => {
      this.#commits?.note(at, offset)
      const id = this.#hasWarned ? undefined : holder()
      if (id === undefined) return
      this.#hasWarned = true
      notify({
        code: 'not-replayable',
        message: `${name}: commits the offsets of records that '${id}' still holds, in a job without checkpoints: if the process dies, what it holds is missing; take checkpoints, or a kafkaJob`,
      })
    })
  }

  async #openAll(
    driver: KafkaDriver,
    reader: PartitionsReader,
    all: readonly TopicPartition[],
    positions: Positions | undefined,
  ): Promise<void> {
    const { group, start, offsets, end, isTable } = this.#settings
    const known = fixedOffsets(all, positions, offsets)
    const rest = all.filter((at) => !known.some((offset) => partitionName(offset) === partitionName(at)))
    const others =
      group === undefined
        ? rest.length === 0
          ? []
          : await driver.offsets(rest, start)
        : await startOffsets(driver, group.groupId, rest, start)
    const ends = await endOffsets(driver, all, end)
    const latest = await endOffsets(driver, all, isTable ? 'latest' : undefined)
    for (const offset of [...known, ...others]) {
      const name = partitionName(offset)
      reader.open(offset, { end: ends.get(name) ?? Infinity, latestUpTo: latest.get(name) ?? 0 })
    }
    if (end !== undefined) reader.seal()
  }

  async #commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const { group, isMember } = this.#settings
    if (group === undefined) return
    if (!isMember(this.#context.isCheckpointed)) return this.#driver?.commitOffsets({ groupId: group.groupId }, offsets)
    const identity = this.#member?.identity
    if (identity !== undefined) await this.#driver?.commitOffsets(identity, offsets)
  }

  async #orFail(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#reader?.fail(error)
    }
  }
}

function partitionsOf(topic: string, count: number, wanted: readonly number[] | undefined): readonly TopicPartition[] {
  const partitions = wanted ?? Array.from({ length: count }, (_, partition) => partition)
  return partitions.map((partition) => ({ topic, partition }))
}
