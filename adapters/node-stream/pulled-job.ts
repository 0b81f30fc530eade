import type { Observable } from 'rxjs'
import { run, type RunningJob } from '../../lib/run.ts'
import type { Sink } from '../../lib/sink.ts'
import { Bell } from '../line/bell.ts'
import type { PulledOptions } from './pulled-options.ts'

/**
 * A job whose results are asked for, a batch at a time. It starts when it is asked first, works one batch ahead, and then
 * stands still until it is asked again.
 */
export class PulledJob<T> implements Sink<T> {
  readonly name: string
  readonly #results: Observable<T>
  readonly #options: PulledOptions
  readonly #offered = new Bell()
  readonly #taken = new Bell()
  #job: RunningJob | undefined
  /** Resolves when the job is over, whatever has become of it. */
  #settled: Promise<void> | undefined
  #offer: readonly T[] | undefined
  /** Nobody will ask for what is offered. */
  #isLeft = false
  #isStopped = false
  #isOver = false
  /** What ended the job, until somebody was told. */
  #failure: { readonly error: unknown } | undefined

  constructor(name: string, results: Observable<T>, options: PulledOptions) {
    this.name = name
    this.#results = results
    this.#options = options
  }

  /**
   * The next results, `undefined` at the end or after `stop`. To be awaited before the next call.
   *
   * @throws what ended the job, after the results before it, once
   */
  async next(): Promise<readonly T[] | undefined> {
    if (this.#isStopped) return undefined
    this.#settled ??= this.#start()
    while (this.#offer === undefined && !this.#isOver) await this.#offered.rung()
    const batch = this.#offer
    this.#offer = undefined
    this.#taken.ring()
    // What goes wrong after `stop` is for who has stopped it.
    if (batch === undefined && !this.#isStopped) this.#tell()
    return batch
  }

  /**
   * Ends the job if it has not ended. Its sources are closed when this resolves, also those that were never read.
   *
   * @throws what ended the job, if nobody was told
   */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#leave()
    this.#settled ??= this.#start()
    void this.#job?.stop().catch(() => {})
    await this.#settled
    this.#tell()
  }

  async write(batch: readonly T[]): Promise<void> {
    if (this.#isLeft) return
    this.#offer = batch
    this.#offered.ring()
    while (this.#offer !== undefined) await this.#taken.rung()
  }

  async #start(): Promise<void> {
    const { signal } = this.#options
    const leave = (): void => this.#leave()
    signal?.addEventListener('abort', leave)
    try {
      this.#job = run(this.#results, this, this.#options)
      await this.#job.done
    } catch (error) {
      this.#failure = { error }
    }
    signal?.removeEventListener('abort', leave)
    this.#isOver = true
    this.#offered.ring()
  }

  /** Lets the job go on to its end, whatever it still has to offer. */
  #leave(): void {
    this.#isLeft = true
    this.#offer = undefined
    this.#taken.ring()
  }

  #tell(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure.error
  }
}
