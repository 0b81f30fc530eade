import type { Chunk, ChunkReader } from './chunk-source.ts'
import type { Gauge } from './gauge.ts'
import type { SourceMetrics } from './metrics.ts'
import type { ValueReceiver } from './receiver.ts'

/** A source, as far as the job is concerned. */
export interface JobSource<T> {
  readonly name: string
  readonly reader: ChunkReader<T>
  readonly receiver: ValueReceiver<T>
  /** How many things could not become values. */
  readonly refused: () => number
  readonly onError: (error: unknown) => void
}

/** Pulls chunks from one source and pushes their values, as far as it is let. */
export class SourcePump<T = unknown> {
  readonly gauge: Gauge
  /** The end has been handed on, or the source was closed. */
  ended = false
  /** Position among the job's sources; breaks ties between equal event times. */
  readonly #index: number
  readonly #source: JobSource<T>
  /** Called when a read that was under way has answered. */
  readonly #onAnswer: () => void
  #values: readonly T[] = []
  #next = 0
  /** The chunk read ahead; `null` says that none follows, `undefined` that it has not come yet. */
  #ahead: Chunk<T> | null | undefined
  #isReading = false
  #isDrained = false
  #isClosed = false
  #read = 0
  #chunks = 0

  constructor(source: JobSource<T>, gauge: Gauge, index: number, onAnswer: () => void) {
    this.#source = source
    this.gauge = gauge
    this.#index = index
    this.#onAnswer = onAnswer
  }

  /** Has a value or the end to hand on. */
  get isReady(): boolean {
    return this.#next < this.#values.length || this.#ahead !== undefined
  }

  /** Comes before `other` in event time. Sources of one gauge can't be compared, and take turns chunk by chunk. */
  isBefore(other: SourcePump): boolean {
    if (this.gauge === other.gauge) {
      return this.#chunks < other.#chunks || (this.#chunks === other.#chunks && this.#index < other.#index)
    }
    return this.gauge.time < other.gauge.time || (this.gauge.time === other.gauge.time && this.#index < other.#index)
  }

  /** Reads ahead unless that has been done. */
  prefetch(): void {
    if (this.ended || this.#isReading || this.#ahead !== undefined) return
    if (this.#isDrained) {
      this.#ahead = null
      return
    }
    try {
      const answer = this.#source.reader.read()
      if (answer instanceof Promise) this.#await(answer)
      else this.#ahead = answer ?? null
    } catch (error) {
      this.#source.onError(error)
    }
  }

  /**
   * Pushes values until `isInterrupted`, `other` is due, or the chunk is done. Pushes the end when nothing is behind it.
   */
  push(isInterrupted: () => boolean, other: SourcePump | undefined): void {
    if (this.#next === this.#values.length) {
      if (!this.#advance()) return
      // The next chunk is read while this one is being worked on.
      this.prefetch()
    }
    const values = this.#values
    const { length } = values
    const { receiver } = this.#source
    while (this.#next < length) {
      this.#read += 1
      receiver.value(values[this.#next++] as T)
      if (isInterrupted() || (other !== undefined && other.isBefore(this))) return
    }
  }

  /** Reads no more: what has been read is the last. */
  drain(): void {
    this.#isDrained = true
    this.#ahead ??= null
  }

  async close(): Promise<void> {
    this.ended = true
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#source.reader.close()
  }

  metrics(): SourceMetrics {
    const { name, refused } = this.#source
    return { name, read: this.#read, refused: refused(), chunks: this.#chunks, ended: this.ended }
  }

  #await(answer: Promise<Chunk<T> | undefined>): void {
    this.#isReading = true
    answer.then(
      (chunk) => {
        this.#isReading = false
        this.#ahead ??= chunk ?? null
        this.#onAnswer()
      },
      (error: unknown) => {
        if (!this.#isClosed) this.#source.onError(error)
        this.#onAnswer()
      },
    )
  }

  /** Moves on to the chunk read ahead; hands on the end if there is none, and says false. */
  #advance(): boolean {
    if (this.#ahead === null) {
      this.ended = true
      this.#source.receiver.end()
      return false
    }
    this.#values = this.#ahead?.values ?? []
    this.#ahead = undefined
    this.#next = 0
    this.#chunks += 1
    return true
  }
}
