import type { Writable } from 'node:stream'
import type { Sink } from '../../lib/sink.ts'
import { textOf } from '../line/text-of.ts'
import { Outflow } from '../node-stream/outflow.ts'

/**
 * Writes each value as a line of text to a Node stream, a batch in one piece, and waits while the stream has had enough.
 * Holds nothing itself. Never ends the stream: it is not the sink's, and `process.stdout` is everybody's.
 *
 * When the stream fails, that is the error of the next `write` or `end`: `output`, with the stream's error as its cause
 * (`EPIPE` when the reader has gone, as behind `| head`).
 */
export class TextSink<T> implements Sink<T> {
  readonly name: string
  readonly #outflow: Outflow
  readonly #format: (value: T) => string

  constructor(name: string, writable: Writable, format: (value: T) => string) {
    this.name = name
    this.#outflow = new Outflow(name, writable)
    this.#format = format
  }

  write(values: readonly T[]): void | Promise<void> {
    this.#outflow.check()
    return this.#outflow.write(textOf(values, this.#format, this.name)) ? undefined : this.#outflow.drained()
  }

  /** What a checkpoint takes for written has left the process. */
  async prepare(): Promise<void> {
    await this.#outflow.flushed()
  }

  async end(): Promise<void> {
    await this.#outflow.flushed()
    this.close()
  }

  close(): void {
    this.#outflow.leave()
  }
}
