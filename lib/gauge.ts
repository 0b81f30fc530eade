import type { Clock } from './clock.ts'
import type { Timers } from './timers.ts'

/**
 * How far the event time of some sources has come, which decides whose turn it is, and whether they have gone quiet.
 * Made where timestamps are assigned; the sources found above belong to it.
 */
export class Gauge {
  /** The watermark, epoch ms. */
  time: number = -Infinity
  isIdle = false
  readonly #idleTimeout: number
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #onIdle: () => void
  /** Silence since the last event up to `#polledSince`, in ms of processing time. */
  #quiet = 0
  #polledSince: number | undefined
  /** A timer stands at the deadline or before it. It is left alone while silence is interrupted, and looks again. */
  #armed = false

  /** @param idleTimeout ms; `Infinity` for never */
  constructor(idleTimeout: number, clock: Clock, timers: Timers, onIdle: () => void) {
    this.#idleTimeout = idleTimeout
    this.#clock = clock
    this.#timers = timers
    this.#onIdle = onIdle
  }

  /** An event has come. */
  active(): void {
    this.isIdle = false
    if (this.#idleTimeout === Infinity) return
    this.#quiet = 0
    if (this.#polledSince !== undefined) this.#polledSince = this.#clock.now()
  }

  /** The sources are being asked and have nothing to give: from now on silence counts. */
  startPolling(): void {
    if (this.#idleTimeout === Infinity || this.isIdle || this.#polledSince !== undefined) return
    this.#polledSince = this.#clock.now()
    if (!this.#armed) this.#arm(this.#polledSince)
  }

  /** The sources have something to give, or are held back: their silence does not count. */
  stopPolling(): void {
    if (this.#polledSince === undefined) return
    this.#quiet += this.#clock.now() - this.#polledSince
    this.#polledSince = undefined
  }

  #arm(now: number): void {
    this.#armed = true
    this.#timers.set(now + this.#idleTimeout - this.#quiet, () => this.#look())
  }

  #look(): void {
    this.#armed = false
    if (this.#polledSince === undefined || this.isIdle) return
    const now = this.#clock.now()
    this.#quiet += now - this.#polledSince
    this.#polledSince = now
    if (this.#quiet < this.#idleTimeout) {
      this.#arm(now)
      return
    }
    this.#polledSince = undefined
    this.isIdle = true
    this.#onIdle()
  }
}
