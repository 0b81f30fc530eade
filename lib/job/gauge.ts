import type { Clock } from '../clock.ts'
import type { SplitListener } from '../split.ts'
import type { Timers } from './timers.ts'

/**
 * How far the event time of some sources has come, which decides whose turn it is, and whether they have gone quiet.
 * Made where timestamps are assigned; the sources found above belong to it. Where there are none, an observable pushes,
 * which is never held back: its silence always counts.
 */
export class Gauge {
  /** The watermark, epoch ms. */
  time: number = -Infinity
  /** Timestamps are assigned behind it. */
  readonly isTimed: boolean
  isIdle = false
  /** Is told of the splits of the sources. */
  splits: SplitListener | undefined
  readonly #idleTimeout: number
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #onIdle: () => void
  #sources = 0
  #turns = 0
  #isClosed = false
  /** Silence since the last event up to `#polledSince`, in ms of processing time. */
  #quiet = 0
  #polledSince: number | undefined
  /**
   * Calls off the timer that stands at the deadline or before it. The timer is left alone while silence is interrupted, and
   * looks again.
   */
  #disarm: (() => void) | undefined

  /** @param idleTimeout ms; `Infinity` for never */
  constructor(idleTimeout: number, clock: Clock, timers: Timers, onIdle: () => void, isTimed = true) {
    this.#idleTimeout = idleTimeout
    this.#clock = clock
    this.#timers = timers
    this.#onIdle = onIdle
    this.isTimed = isTimed
  }

  get hasSources(): boolean {
    return this.#sources > 0
  }

  addSource(): void {
    this.#sources += 1
  }

  removeSource(): void {
    this.#sources -= 1
    if (this.#sources === 0) this.startPolling()
  }

  /** Numbers the turns that sources of this gauge have. */
  nextTurn(): number {
    this.#turns += 1
    return this.#turns
  }

  /** An event has come. */
  active(): void {
    this.isIdle = false
    if (this.#idleTimeout === Infinity) return
    this.#quiet = 0
    if (this.#polledSince !== undefined) this.#polledSince = this.#clock.now()
    else if (this.#sources === 0) this.startPolling()
  }

  /** The sources are being asked and have nothing to give: from now on silence counts. */
  startPolling(): void {
    if (this.#idleTimeout === Infinity || this.#isClosed || this.isIdle || this.#polledSince !== undefined) return
    this.#polledSince = this.#clock.now()
    if (this.#disarm === undefined) this.#arm(this.#polledSince)
  }

  /** The sources have something to give, or are held back: their silence does not count. */
  stopPolling(): void {
    if (this.#polledSince === undefined || this.#sources === 0) return
    this.#quiet += this.#clock.now() - this.#polledSince
    this.#polledSince = undefined
  }

  /** Nothing more will come. */
  close(): void {
    this.#isClosed = true
    this.#polledSince = undefined
    this.#disarm?.()
  }

  #arm(now: number): void {
    this.#disarm = this.#timers.set(now + this.#idleTimeout - this.#quiet, () => this.#look())
  }

  #look(): void {
    this.#disarm = undefined
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
