import type { Chunk, ChunkReader } from '../chunk-source.ts'

/** What a read-ahead works for. */
export interface ReadAheadHost {
  /** Makes what the reader threw an error of the job. */
  toError(error: unknown): unknown
  /** A read that was under way has answered. */
  wake(): void
}

/** Reads a source one chunk ahead of the one at work, and no further. */
export class ReadAhead<T> {
  /** The chunk that was read; `null` says that none follows, `undefined` that it has not come yet. */
  chunk: Chunk<T> | null | undefined
  /** Why none follows, if that is an error: to be told when the values read before it have been handed on. */
  failure: { readonly error: unknown } | undefined
  private readonly reader: ChunkReader<T>
  private readonly host: ReadAheadHost
  private isReading = false
  private isDrained = false

  constructor(reader: ChunkReader<T>, host: ReadAheadHost) {
    this.reader = reader
    this.host = host
  }

  /** Reads, unless that has been done. */
  read(): void {
    if (this.isReading || this.chunk !== undefined) return
    if (this.isDrained) {
      this.chunk = null
      return
    }
    try {
      const answer = this.reader.read()
      if (answer instanceof Promise) this.await(answer)
      else this.chunk = answer ?? null
    } catch (error) {
      this.fail(error)
    }
  }

  /** Takes what was read; undefined if none follows. */
  take(): Chunk<T> | undefined {
    const { chunk } = this
    if (chunk === null) return undefined
    this.chunk = undefined
    return chunk
  }

  /** Reads no more: what has been read is the last. */
  drain(): void {
    this.isDrained = true
    if (this.chunk === undefined) this.chunk = null
  }

  private await(answer: Promise<Chunk<T> | undefined>): void {
    this.isReading = true
    answer.then(
      (chunk) => {
        this.isReading = false
        if (this.chunk === undefined) this.chunk = chunk ?? null
        this.host.wake()
      },
      (error: unknown) => {
        this.isReading = false
        this.fail(error)
        this.host.wake()
      },
    )
  }

  private fail(error: unknown): void {
    // A source that is closed, or read no more, may break a read off as it likes.
    if (this.chunk !== undefined) return
    this.failure = { error: this.host.toError(error) }
    this.chunk = null
  }
}
