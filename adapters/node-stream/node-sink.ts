import type { Writable } from 'node:stream'
import type { Sink } from '../../lib/sink.ts'
import { destroyed } from './destroyed.ts'
import { Outflow } from './outflow.ts'

/** Writes each value to a Node stream, and stops where that has had enough. */
export class NodeSink implements Sink<unknown> {
  readonly name: string
  readonly #writable: Writable
  readonly #outflow: Outflow
  /** The stream is the sink's own. */
  readonly #isOwn: boolean
  #hasEnded = false

  constructor(name: string, writable: Writable, isOwn: boolean) {
    this.name = name
    this.#writable = writable
    this.#outflow = new Outflow(name, writable)
    this.#isOwn = isOwn
  }

  write(values: readonly unknown[]): void | Promise<void> {
    this.#outflow.check()
    const written = this.#writeFrom(0, values)
    return written === values.length && !this.#writable.writableNeedDrain ? undefined : this.#goOn(written, values)
  }

  /** What a checkpoint takes for written has left the process. */
  async prepare(): Promise<void> {
    await this.#outflow.flushed()
  }

  async end(): Promise<void> {
    await (this.#isOwn ? this.#outflow.ended() : this.#outflow.flushed())
    this.#outflow.leave()
    this.#hasEnded = true
  }

  async close(reason?: unknown): Promise<void> {
    this.#outflow.leave()
    // The other side of a stream that has ended may not have been read.
    if (!this.#isOwn || this.#hasEnded) return
    if (reason === undefined) await this.#outflow.flushed()
    await destroyed(this.#writable, reason instanceof Error ? reason : undefined)
  }

  /** Writes until the stream has had enough; how far it got. */
  #writeFrom(first: number, values: readonly unknown[]): number {
    let written = first
    while (written < values.length) if (!this.#outflow.write(values[written++])) break
    return written
  }

  async #goOn(first: number, values: readonly unknown[]): Promise<void> {
    let written = first
    for (;;) {
      await this.#outflow.drained()
      if (written === values.length) return
      written = this.#writeFrom(written, values)
    }
  }
}
