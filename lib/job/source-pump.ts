import type { Chunk, ChunkReader } from '../chunk-source.ts'
import type { SourceRecord } from '../checkpoint/job-record.ts'
import type { Gauge } from './gauge.ts'
import type { SourceMetrics } from '../metrics.ts'
import { ReadAhead } from './read-ahead.ts'
import type { ValueReceiver } from '../receiver.ts'
import type { Split } from '../split.ts'
import { SourceSplits, type Splits } from './source-splits.ts'

/** A source, as far as the job is concerned. */
export interface JobSource<T> {
  readonly name: string
  /** Unique in the job, and the same in the next run. */
  readonly id: string
  /** How far it has been processed in a run before this one. */
  readonly record: SourceRecord | undefined
  readonly reader: ChunkReader<T>
  readonly receiver: ValueReceiver<T>
  /** How many things could not become values. */
  readonly refused: () => number
  /** How often values may have been lost before they could be read. */
  readonly gaps: () => number
  /** Makes what the reader threw an error of the job. */
  readonly toError: (error: unknown) => unknown
}

/** What a pump works for. */
export interface PumpHost {
  /** There, if checkpoints are taken. */
  readonly checkpoints: { sayNotReplayable(source: string): void; takeSoon(): void } | undefined
  /** A read that was under way has answered. */
  wake(): void
  fail(error: unknown): void
}

/** Pulls chunks from one source and pushes their values, as far as it is let. */
export class SourcePump<T = unknown> {
  readonly gauge: Gauge
  /** Position among the job's sources; breaks ties between equal event times. */
  readonly index: number
  /** The end has been handed on, or the source was closed. */
  ended = false
  /** Opened while the job drains: neither read nor ended yet. */
  isHeld = false
  private readonly source: JobSource<T>
  private readonly host: PumpHost
  readonly splits: SourceSplits
  /** The chunk at hand, and how many of its values have been pushed. */
  private chunk: Chunk<T>
  private values: readonly T[] = []
  private next = 0
  /** It has not been said that all of it has been pushed. */
  private isBegun = false
  /** Values still to be passed over, because a run before this one has processed them. */
  private skip: number
  private readonly ahead: ReadAhead<T>
  /** When it had its turn among the sources of its gauge. */
  private turn = 0
  private isClosed = false
  private read = 0
  private chunks = 0

  constructor(source: JobSource<T>, gauge: Gauge, index: number, host: PumpHost, splits: Splits) {
    this.source = source
    this.gauge = gauge
    this.splits = new SourceSplits(splits, gauge)
    this.index = index
    this.host = host
    this.skip = source.record?.skip ?? 0
    this.chunk = { values: [], position: source.record?.position }
    this.ahead = new ReadAhead(source.reader, { toError: source.toError, wake: () => host.wake() })
  }

  /** Has a value or the end to hand on. */
  get isReady(): boolean {
    return this.next < this.values.length || this.ahead.chunk !== undefined
  }

  /**
   * Comes before `other` in event time. Sources of one gauge can't be compared: they take turns chunk by chunk, and don't wait
   * for each other.
   */
  isBefore(other: SourcePump): boolean {
    const [mine, others] = this.gauge === other.gauge ? [this.rank, other.rank] : [this.gauge.time, other.gauge.time]
    return mine < others || (mine === others && this.index < other.index)
  }

  /** Reads ahead unless that has been done. */
  prefetch(): void {
    if (!this.ended && !this.isHeld) this.ahead.read()
  }

  /**
   * Pushes values until `isInterrupted`, `other` is due, or the chunk is done. Pushes the end when nothing is behind it. True if
   * `other` is due and nothing else is.
   *
   * @param other of another gauge
   */
  push(isInterrupted: () => boolean, other: SourcePump | undefined): boolean {
    if (this.next === this.values.length) {
      if (!this.advance()) return false
      // The next chunk is read while this one is being worked on.
      this.prefetch()
    }
    const { split, isLast, onTaken } = this.chunk
    const wasPassed =
      split === undefined
        ? this.pushValues(isInterrupted, other)
        : this.splits.within(split, () => this.pushValues(isInterrupted, other))
    if (this.next < this.values.length) return wasPassed
    if (split !== undefined && isLast === true) this.splits.close(split)
    if (this.isBegun) onTaken?.()
    this.isBegun = false
    return wasPassed
  }

  /** Values of a split, or of none, have been read and not pushed. */
  hasAtHand(split: Split | undefined): boolean {
    const isLeft = this.next < this.values.length && this.chunk.split === split
    const { chunk } = this.ahead
    return isLeft || (chunk !== undefined && chunk !== null && chunk.split === split)
  }

  /** Reads no more: what has been read is the last. */
  drain(): void {
    this.isHeld = false
    this.ahead.drain()
  }

  /** Lets go of what the source has left open, when it has ended. */
  leave(): void {
    this.splits.closeAll()
    this.gauge.removeSource()
  }

  private pushValues(isInterrupted: () => boolean, other: SourcePump | undefined): boolean {
    const values = this.values
    const { length } = values
    const { receiver } = this.source
    while (this.next < length) {
      this.read += 1
      receiver.value(values[this.next++] as T)
      if (this.ended || isInterrupted()) return false
      if (other?.isBefore(this) === true) return true
    }
    return false
  }

  /** Frees what is held; the first call alone closes the source. */
  async close(): Promise<void> {
    this.ended = true
    if (this.isClosed) return
    this.isClosed = true
    try {
      await this.source.reader.close()
    } catch (error) {
      throw this.source.toError(error)
    }
  }

  get id(): string {
    return this.source.id
  }

  /** How far it has been processed. */
  record(): SourceRecord {
    const { position, positionAt } = this.chunk
    const hasEnded = this.ended
    if (positionAt !== undefined) return { position: positionAt(this.next), skip: 0, hasEnded }
    return { position, skip: position === undefined ? 0 : this.next + this.skip, hasEnded }
  }

  /** A checkpoint has what `record` said. */
  acknowledge({ position }: SourceRecord): void {
    this.source.reader.acknowledge?.(position)
  }

  metrics(): SourceMetrics {
    const { source, read, chunks, ended } = this
    const { position } = this.chunk
    const lags = source.reader.lags?.()
    return { name: source.name, read, refused: source.refused(), gaps: source.gaps(), chunks, position, lags, ended }
  }

  /** What goes first in a gauge: a chunk that was begun, then the source whose turn is longest ago, and last who waits. */
  private get rank(): number {
    if (this.next < this.values.length) return -1
    return this.isReady ? this.turn : Infinity
  }

  /** Moves on to the chunk read ahead; hands on the end if there is none, and says false. */
  private advance(): boolean {
    const chunk = this.ahead.take()
    if (chunk === undefined) {
      this.ended = true
      const { failure } = this.ahead
      if (failure === undefined) this.source.receiver.end()
      else this.host.fail(failure.error)
      return false
    }
    const { checkpoints } = this.host
    if (chunk.position === undefined && this.chunks === 0) checkpoints?.sayNotReplayable(this.source.name)
    if (chunk.isAnew === true) {
      checkpoints?.takeSoon()
      this.skip = 0
    }
    this.chunk = chunk
    this.isBegun = true
    this.values = chunk.values
    this.next = Math.min(this.skip, this.values.length)
    this.skip -= this.next
    this.chunks += 1
    this.turn = this.gauge.nextTurn()
    return true
  }
}
