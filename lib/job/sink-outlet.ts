import { Subscription } from '../rx.ts'
import { messageOf, TidemarkError } from '../errors.ts'
import { takeDestination } from './destinations.ts'
import type { DrivenSink } from './driver-host.ts'
import type { SinkMetrics } from '../metrics.ts'
import type { ValueReceiver } from '../receiver.ts'
import type { Sink } from '../sink.ts'

/** Collects what one turn of the job produces and hands it to a sink, one batch at a time. */
export class SinkOutlet<T> implements ValueReceiver<T>, DrivenSink {
  /** The sink has taken everything and has been told of the end. */
  done = false
  /** Ends what is wired to it. */
  readonly wiring: Subscription = new Subscription()
  readonly #sink: Sink<T>
  readonly #letGo: () => void
  /** Values after which the turn is to be over. */
  readonly #highWater: number
  /** Values that may wait at most. Only sources that push, and so can't be held back, come near it. */
  readonly #limit: number
  readonly #interrupt: () => void
  #isOpen = false
  #buffer: T[] = []
  #ended = false
  #hasToClose = true
  #written = 0
  #inFlight = 0
  #mostBuffered = 0

  constructor(sink: Sink<T>, highWater: number, limit: number, interrupt: () => void) {
    this.#sink = sink
    this.#letGo = takeDestination(sink)
    this.#highWater = highWater
    this.#limit = limit
    this.#interrupt = interrupt
  }

  value(value: T): void {
    this.#buffer.push(value)
    const waiting = this.#buffer.length + this.#inFlight
    if (waiting > this.#mostBuffered) this.#mostBuffered = waiting
    if (waiting < this.#highWater) return
    this.#interrupt()
    if (waiting > this.#limit) {
      throw new TidemarkError(
        'overflow',
        `${this.#sink.name}: expected at most ${this.#limit} values to wait for the sink, got more from a source that can't be held back; ` +
          `read it through an adapter, or raise 'bufferLimit'`,
        { operator: this.#sink.name },
      )
    }
  }

  end(): void {
    this.#ended = true
  }

  /** Writes what has been collected, and the end when it has come. */
  async flush(): Promise<void> {
    if (this.done) return
    try {
      if (!this.#isOpen) await this.#open()
      while (this.#buffer.length > 0) {
        const batch = this.#buffer
        this.#buffer = []
        this.#inFlight = batch.length
        await this.#sink.write(batch)
        this.#inFlight = 0
        this.#written += batch.length
      }
      if (this.#ended) {
        await this.#sink.end?.()
        this.done = true
        this.#hasToClose = this.#sink.prepare !== undefined
      }
    } catch (error) {
      throw this.#outputError(error)
    }
  }

  async #open(): Promise<void> {
    this.#isOpen = true
    await this.#sink.open?.()
  }

  /** The job is over. Frees the sink when it stops before the end; one that takes part in checkpoints, at last in any case. */
  async close(reason: unknown): Promise<void> {
    try {
      if (this.#hasToClose) await this.#attempt(() => this.#sink.close?.(reason))
    } finally {
      this.#letGo()
    }
  }

  get name(): string {
    return this.#sink.name
  }

  /** What has been written is durable: where the sink stands. */
  async prepare(epoch: number): Promise<unknown> {
    return await this.#attempt(() => this.#sink.prepare?.(epoch))
  }

  async commit(epoch: number, receipt: unknown): Promise<void> {
    await this.#attempt(() => this.#sink.commit?.(epoch, receipt))
  }

  async recover(receipt: unknown): Promise<void> {
    await this.#attempt(() => this.#sink.recover?.(receipt))
  }

  leave(): void {
    this.done = true
    this.wiring.unsubscribe()
  }

  metrics(): SinkMetrics {
    return {
      name: this.#sink.name,
      written: this.#written,
      buffered: this.#buffer.length + this.#inFlight,
      mostBuffered: this.#mostBuffered,
    }
  }

  async #attempt(work: () => unknown): Promise<unknown> {
    try {
      return await work()
    } catch (error) {
      throw this.#outputError(error)
    }
  }

  #outputError(error: unknown): TidemarkError {
    if (error instanceof TidemarkError) return error
    const { name } = this.#sink
    return new TidemarkError('output', `${name}: ${messageOf(error)}`, { cause: error, operator: name })
  }
}
