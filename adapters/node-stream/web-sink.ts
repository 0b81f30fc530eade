import type { WritableStream, WritableStreamDefaultWriter } from 'node:stream/web'
import type { Sink } from '../../lib/sink.ts'

/** Writes each value to a web stream, and stops where that has had enough. */
export class WebSink<T> implements Sink<T> {
  readonly name: string
  readonly #writer: WritableStreamDefaultWriter<T>
  /** The stream is the sink's own. */
  readonly #isOwn: boolean
  /** The last write, and with it all before. */
  #flushed: Promise<void> = Promise.resolve()
  #hasEnded = false

  constructor(name: string, stream: WritableStream<T>, isOwn: boolean) {
    this.name = name
    this.#writer = stream.getWriter()
    this.#isOwn = isOwn
  }

  async write(values: readonly T[]): Promise<void> {
    const writer = this.#writer
    for (const value of values) {
      if ((writer.desiredSize ?? 0) <= 0) await writer.ready
      this.#flushed = writer.write(value)
      this.#flushed.catch(ignore)
    }
    if ((writer.desiredSize ?? 0) <= 0) await writer.ready
  }

  /** What a checkpoint takes for written has left the process. */
  async prepare(): Promise<void> {
    await this.#flushed
  }

  async end(): Promise<void> {
    await (this.#isOwn ? this.#writer.close() : this.#flushed)
    this.#writer.releaseLock()
    this.#hasEnded = true
  }

  async close(reason?: unknown): Promise<void> {
    if (this.#hasEnded) return
    if (reason === undefined) await this.#flushed
    if (this.#isOwn) await this.#writer.abort(reason)
    this.#writer.releaseLock()
  }
}

function ignore(): void {}
