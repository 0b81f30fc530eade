import { Fifo } from '../../../lib/async/fifo.ts'
import type { Chunk, ChunkReader } from '../../../lib/chunk-source.ts'
import { PushedChunks } from '../../line/pushed-chunks.ts'
import type { KafkaDriver, PartitionOffset, TopicPartition } from '../driver.ts'
import type { KafkaRecord } from '../kafka-record.ts'
import { offsetBehind } from './offset-behind.ts'
import { partitionName } from '../partition-name.ts'
import { type PartitionBounds, PartitionSplit } from './partition-split.ts'

/** How far partitions have been processed, by `topic-partition`. */
export type Positions = ReadonlyMap<string, number>

/** What a reader tells. */
export interface ReaderListener {
  /** What came before this offset has gone through the pipeline. */
  taken(at: TopicPartition, offset: number): void
}

/** Reads partitions in turn, as they have something. Holds one answer of each. */
export class PartitionsReader implements ChunkReader<KafkaRecord> {
  readonly #driver: KafkaDriver
  readonly #listener: ReaderListener
  readonly #splits = new Map<string, PartitionSplit>()
  /** Those that have something to hand on. */
  readonly #ready = new Fifo<PartitionSplit>()
  /** Those of which it has not been told that they are there, or that they are there no more. */
  readonly #news = new Fifo<Chunk<KafkaRecord>>()
  readonly #processed = new Map<string, number>()
  /** Chunks that are on their way through the pipeline, by partition. */
  readonly #underway = new Map<PartitionSplit, number>()
  readonly #settled = new Map<PartitionSplit, () => void>()
  #failure: { readonly error: unknown } | undefined
  readonly #chunks = new PushedChunks<KafkaRecord>(
    () => this.#next(),
    () => this.#splits.size === 0 && this.#news.size === 0,
  )

  constructor(driver: KafkaDriver, listener: ReaderListener) {
    this.#driver = driver
    this.#listener = listener
  }

  /** Begins to read a partition. */
  open({ topic, partition, offset }: PartitionOffset, bounds: PartitionBounds): void {
    const at = { topic, partition }
    const name = partitionName(at)
    this.#processed.set(name, offset)
    if (offset >= bounds.end) return
    const split = new PartitionSplit(at, this.#driver.feed(at, offset), offset, bounds)
    this.#splits.set(name, split)
    this.#tell({ ...split.emptyChunk(false), ...this.#place(split, () => offset) })
    this.#fetch(split)
  }

  /** Reads partitions no more; resolves when what has been handed on of them has gone through the pipeline. */
  async leave(partitions: readonly TopicPartition[]): Promise<void> {
    const leaving = partitions.flatMap((at) => this.#splits.get(partitionName(at)) ?? [])
    const settled: Promise<void>[] = []
    for (const split of leaving) {
      split.close()
      if (this.#underway.has(split)) settled.push(new Promise((resolve) => this.#settled.set(split, resolve)))
    }
    await Promise.all(settled)
    for (const split of leaving) {
      // It may have come back meanwhile.
      if (this.#splits.get(split.id) === split) this.#splits.delete(split.id)
      this.#tell(split.emptyChunk(true))
    }
  }

  /** No partition comes any more. */
  seal(): void {
    this.#chunks.end()
  }

  /** Nothing more is fetched; the job gets what has been, and then the error. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#chunks.changed()
  }

  read(): Chunk<KafkaRecord> | undefined | Promise<Chunk<KafkaRecord> | undefined> {
    return this.#chunks.read()
  }

  close(): void {
    for (const split of this.#splits.values()) split.close()
    for (const resolve of this.#settled.values()) resolve()
    this.#chunks.end()
  }

  /** Of each partition that is being read, how many records are there that have not been handed on. */
  lags(): ReadonlyMap<string, number> {
    const lags = new Map<string, number>()
    for (const { id, known, next } of this.#splits.values()) {
      if (known !== undefined) lags.set(id, Math.max(0, known - next))
    }
    return lags
  }

  #next(): Chunk<KafkaRecord> | undefined {
    const news = this.#news.shift()
    if (news !== undefined) return news
    for (let split = this.#ready.shift(); split !== undefined; split = this.#ready.shift()) {
      if (!split.isOver) return this.#chunkOf(split)
    }
    // Other partitions may be silent for ever, and a sealed reader would end as if nothing were wrong.
    if (this.#failure !== undefined) throw this.#failure.error
    return undefined
  }

  #chunkOf(split: PartitionSplit): Chunk<KafkaRecord> {
    const start = split.next
    const { records, next, isLast } = split.take()
    if (isLast) {
      split.close()
      this.#splits.delete(split.id)
    } else if (this.#failure === undefined) this.#fetch(split)
    this.#underway.set(split, (this.#underway.get(split) ?? 0) + 1)
    return {
      values: records,
      split,
      isLast,
      ...this.#place(split, (taken) => offsetBehind(records, next, taken, start)),
      onTaken: () => this.#taken(split, next),
    }
  }

  /** Where all partitions are to be opened, if this one is to be at an offset. */
  #place(
    split: PartitionSplit,
    offset: (taken: number) => number,
  ): { readonly position: Positions; readonly positionAt: (taken: number) => Positions } {
    const positionAt = (taken: number): Positions => new Map(this.#processed).set(split.id, offset(taken))
    return { position: noPositions, positionAt }
  }

  #taken(split: PartitionSplit, offset: number): void {
    this.#processed.set(split.id, offset)
    this.#listener.taken(split.at, offset)
    const left = (this.#underway.get(split) ?? 1) - 1
    if (left > 0) {
      this.#underway.set(split, left)
      return
    }
    this.#underway.delete(split)
    this.#settled.get(split)?.()
    this.#settled.delete(split)
  }

  #fetch(split: PartitionSplit): void {
    split.fetch().then(
      (fetched) => {
        if (split.isOver) return
        split.fetched = fetched
        this.#ready.push(split)
        this.#chunks.changed()
      },
      (failure: unknown) => {
        if (!split.isOver) this.fail(failure)
      },
    )
  }

  #tell(chunk: Chunk<KafkaRecord>): void {
    this.#news.push(chunk)
    this.#chunks.changed()
  }
}

const noPositions: Positions = new Map()
