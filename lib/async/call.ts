import type { Clock } from '../clock.ts'
import { TidemarkError } from '../errors.ts'
import type { Timers } from '../job/timers.ts'
import { formatDuration } from '../time.ts'

/** How values are turned into promises. */
export interface CallSettings<T, R> {
  readonly project: (value: T, signal: AbortSignal) => Promise<R>
  /** How long an attempt may take, ms; `Infinity` for as long as it likes. */
  readonly timeout: number
  /** At most so many, the first included. */
  readonly attempts: number
  /** How long to wait after so many attempts, ms. */
  readonly backoff: (attempts: number) => number
}

/** What a call works for. */
export interface CallHost {
  readonly clock: Clock
  readonly timers: Timers
  /** Does something as part of the job, unless that is over. */
  attempt(work: () => void): void
  /** Ends the job with an error. */
  fail(error: unknown): void
}

/** What has become of a call. */
export type Outcome<R> =
  { readonly isAnswer: true; readonly value: R } | { readonly isAnswer: false; readonly error: unknown }

/** The attempts to have one value answered, one after the other. */
export class Call<T, R> {
  /** How many there have been. */
  attempts = 0
  readonly #value: T
  readonly #settings: CallSettings<T, R>
  readonly #host: CallHost
  readonly #onOutcome: (outcome: Outcome<R>) => void
  /** Of the attempt under way. What an earlier one comes to is of no interest any more. */
  #controller: AbortController | undefined
  #disarm: (() => void) | undefined

  /** @param onOutcome called once, unless the call is aborted before */
  constructor(value: T, settings: CallSettings<T, R>, host: CallHost, onOutcome: (outcome: Outcome<R>) => void) {
    this.#value = value
    this.#settings = settings
    this.#host = host
    this.#onOutcome = onOutcome
  }

  /** Makes the next attempt. */
  start(): void {
    this.attempts += 1
    const controller = new AbortController()
    this.#controller = controller
    const { project, timeout } = this.#settings
    if (timeout < Infinity) this.#arm(timeout, () => this.#timeOut(controller))
    const answered = (value: R): void => {
      if (this.#finish(controller)) this.#onOutcome({ isAnswer: true, value })
    }
    const failed = (error: unknown): void =>
      this.#host.attempt(() => {
        if (this.#finish(controller)) this.#fail(error)
      })
    try {
      // Nothing stands between the promise and these two, so that answers come in the order in which promises settle.
      Promise.resolve(project(this.#value, controller.signal)).then(answered, failed)
    } catch (error) {
      // As if it had been rejected, so that one attempt is not inside of the other.
      queueMicrotask(() => failed(error))
    }
  }

  /** Breaks off what is under way, or what was to come. */
  abort(): void {
    const controller = this.#controller
    this.#controller = undefined
    this.#disarm?.()
    controller?.abort()
  }

  #timeOut(controller: AbortController): void {
    if (!this.#finish(controller)) return
    const within = formatDuration(this.#settings.timeout)
    const error = new TidemarkError('callback', `expected an answer within ${within}, got none`)
    // Before the next attempt begins, so that one value is not asked about twice at a time.
    controller.abort(error)
    this.#fail(error)
  }

  #fail(error: unknown): void {
    if (this.attempts < this.#settings.attempts) this.#retry()
    else this.#onOutcome({ isAnswer: false, error })
  }

  #retry(): void {
    let pause: number
    try {
      pause = this.#settings.backoff(this.attempts)
    } catch (error) {
      this.#host.fail(error)
      return
    }
    if (pause > 0) this.#arm(pause, () => this.start())
    else this.start()
  }

  /** The attempt is over; false if it was before. */
  #finish(controller: AbortController): boolean {
    if (this.#controller !== controller) return false
    this.#controller = undefined
    this.#disarm?.()
    return true
  }

  #arm(after: number, fire: () => void): void {
    this.#disarm = this.#host.timers.set(this.#host.clock.now() + after, fire)
  }
}
