import type { Writable } from 'node:stream'
import { callbackError } from '../../lib/wiring/callback.ts'
import { messageOf, show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { Bell } from './bell.ts'

/**
 * Writes each value as a line of text to a Node stream, a batch in one piece, and waits while the stream has had enough.
 * Holds nothing itself. Never ends the stream: it is not the sink's, and `process.stdout` is everybody's.
 *
 * When the stream fails, that is the error of the next `write` or `end`: `output`, with the stream's error as its cause
 * (`EPIPE` when the reader has gone, as behind `| head`). Listens to the stream until everything has been flushed after
 * `end` or `close`. On a stream that has failed it goes on listening, because one may report the same failure many times,
 * and a failure that nobody listens to ends the process.
 */
export class TextSink<T> implements Sink<T> {
  readonly name: string
  readonly #writable: Writable
  readonly #format: (value: T) => string
  #failure: TidemarkError | undefined
  /** Writes that have not been flushed. */
  #pending = 0
  #isOver = false
  readonly #change = new Bell()

  constructor(name: string, writable: Writable, format: (value: T) => string) {
    if (typeof writable?.write !== 'function') {
      throw new TidemarkError('invalid-argument', `${name}: expected a writable stream, got ${show(writable)}`)
    }
    this.name = name
    this.#writable = writable
    this.#format = format
    writable.on('drain', this.#change.ring)
    writable.on('error', this.#onError)
    writable.on('close', this.#onClose)
  }

  write(values: readonly T[]): void | Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    const lines = this.#lines(values)
    this.#pending += 1
    if (this.#writable.write(lines, this.#onFlushed)) return undefined
    return this.#until(() => !this.#writable.writableNeedDrain)
  }

  async end(): Promise<void> {
    await this.#until(() => this.#pending === 0)
    this.close()
  }

  close(): void {
    this.#isOver = true
    if (this.#pending === 0 && this.#failure === undefined) this.#stopListening()
  }

  #lines(values: readonly T[]): string {
    try {
      let lines = ''
      for (const value of values) lines += `${this.#format(value)}\n`
      return lines
    } catch (error) {
      throw callbackError(error, this.name)
    }
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (this.#failure === undefined && !isDone()) await this.#change.rung()
    if (this.#failure !== undefined) throw this.#failure
  }

  readonly #onFlushed = (error: Error | null | undefined): void => {
    this.#pending -= 1
    if (error instanceof Error) this.#onError(error)
    else if (this.#isOver) this.close()
    this.#change.ring()
  }

  readonly #onError = (error: Error): void => {
    // What a write to a failed stream says is not why it failed.
    const cause = this.#writable.errored ?? error
    this.#failure ??= new TidemarkError('output', `${this.name}: ${messageOf(cause)}`, { cause, operator: this.name })
    this.#change.ring()
  }

  readonly #onClose = (): void => {
    this.#onError(new TidemarkError('output', 'expected the stream to stay open, but it was closed'))
  }

  #stopListening(): void {
    this.#writable.off('drain', this.#change.ring)
    this.#writable.off('error', this.#onError)
    this.#writable.off('close', this.#onClose)
  }
}
