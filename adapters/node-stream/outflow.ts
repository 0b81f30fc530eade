import { finished, type Writable } from 'node:stream'
import { messageOf, show, TidemarkError } from '../../lib/errors.ts'
import { Bell } from '../line/bell.ts'

/**
 * Writes to a Node stream for a sink: waits while the stream has had enough, and hears of its failure, which is an `output`
 * error with the stream's error as its cause. Holds nothing itself.
 *
 * Listens to the stream until everything has been flushed after `leave`. On a stream that has failed it goes on listening,
 * because one may report the same failure many times, and a failure that nobody listens to ends the process.
 */
export class Outflow {
  readonly name: string
  readonly #writable: Writable
  readonly #change = new Bell()
  #failure: TidemarkError | undefined
  /** Writes that have not been flushed, of those that wait to be told. */
  #pending = 0
  #isEnding = false
  #isLeft = false

  /** @throws TidemarkError `invalid-argument` without a writable stream */
  constructor(name: string, writable: Writable) {
    if (typeof writable?.write !== 'function') {
      throw new TidemarkError('invalid-argument', `${name}: expected a writable stream, got ${show(writable)}`)
    }
    this.name = name
    this.#writable = writable
    writable.on('drain', this.#change.ring)
    writable.on('error', this.#onError)
    writable.on('close', this.#onClose)
  }

  /** Throws why the stream has failed, if it has. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Writes a piece; false when the stream has had enough. */
  write(piece: unknown): boolean {
    this.#pending += 1
    return this.#writable.write(piece, this.#onFlushed)
  }

  /** Waits until the stream takes more. */
  drained(): Promise<void> {
    return this.#until(() => !this.#writable.writableNeedDrain)
  }

  /** Waits until everything has been flushed. */
  flushed(): Promise<void> {
    return this.#until(() => this.#pending === 0)
  }

  /** Ends the stream, and waits until it is through with everything. */
  async ended(): Promise<void> {
    this.#isEnding = true
    await new Promise<void>((resolve) => {
      finished(this.#writable, { readable: false }, () => resolve())
      this.#writable.end()
    })
    this.check()
  }

  /** Nothing more will be written. */
  leave(): void {
    this.#isLeft = true
    if (this.#pending > 0 || this.#failure !== undefined) return
    this.#writable.off('drain', this.#change.ring)
    this.#writable.off('error', this.#onError)
    this.#writable.off('close', this.#onClose)
  }

  readonly #onFlushed = (error: Error | null | undefined): void => {
    this.#pending -= 1
    if (error instanceof Error) this.#onError(error)
    else if (this.#isLeft) this.leave()
    this.#change.ring()
  }

  readonly #onError = (error: Error): void => {
    // What a write to a failed stream says is not why it failed.
    const cause = this.#writable.errored ?? error
    this.#failure ??= new TidemarkError('output', `${this.name}: ${messageOf(cause)}`, { cause, operator: this.name })
    this.#change.ring()
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (this.#failure === undefined && !isSo()) await this.#change.rung()
    this.check()
  }

  readonly #onClose = (): void => {
    if (this.#isEnding && this.#writable.writableFinished) return
    this.#onError(new TidemarkError('output', 'expected the stream to stay open, but it was closed'))
  }
}
