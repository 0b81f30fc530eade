import type { AnyEvent } from '../element.ts'
import type { Gauge } from '../job/gauge.ts'
import type { Job } from '../job/job.ts'
import type { StreamReceiver } from '../receiver.ts'
import type { Split, SplitListener } from '../split.ts'
import type { SplitWatermarks } from '../watermarks/split-watermarks.ts'

/** What a place where timestamps are assigned does for the splits of its sources, beyond their watermarks: silence, and what is told of it. */
export class IngressSplits<T> implements SplitListener {
  private readonly create: () => SplitWatermarks<T>
  /** From the first split on. */
  private known: SplitWatermarks<T> | undefined
  private readonly idleTimeout: number | undefined
  private readonly receiver: StreamReceiver<AnyEvent>
  private readonly job: Job
  private readonly gauge: Gauge
  /** Calls off the timer that stands at the first time at which a split may have been silent for too long, or before it. */
  private disarm: (() => void) | undefined

  constructor(
    create: () => SplitWatermarks<T>,
    idleTimeout: number | undefined,
    receiver: StreamReceiver<AnyEvent>,
    job: Job,
    gauge: Gauge,
  ) {
    this.create = create
    this.idleTimeout = idleTimeout
    this.receiver = receiver
    this.job = job
    this.gauge = gauge
  }

  /** Undefined while there has been no split. */
  get watermarks(): SplitWatermarks<T> | undefined {
    return this.known
  }

  /** Sees an event, and says the watermark that follows it. */
  onEvent(split: Split | undefined, value: T, time: number): number {
    const { now } = this.job.driver
    const watermark = this.made().onEvent(split, value, time, now)
    this.watchSilence()
    return watermark
  }

  opened(split: Split): void {
    if (split.sharesWatermark === true) return
    const splits = this.made()
    const { size } = splits
    splits.open(split, this.job.driver.now)
    if (splits.size === size) return
    const wasIdle = this.gauge.isIdle
    this.gauge.active()
    // Told downstream at once, because no event says so.
    if (wasIdle) this.receiver.active()
    this.settle()
    this.watchSilence()
  }

  closed(split: Split): void {
    this.known?.close(split)
    this.settle()
  }

  /** Nothing has come of any split for so long that they are idle. */
  silence(): void {
    this.known?.silence()
    this.settle()
  }

  end(): void {
    this.disarm?.()
  }

  /** Here, or still with the source. */
  private readonly isWaiting = (split: Split | undefined): boolean =>
    this.job.sources.hasAtHand(split) || split?.isWaiting() === true

  private made(): SplitWatermarks<T> {
    return (this.known ??= this.create())
  }

  /** Hands on what has become of the splits without an event of theirs. */
  private settle(): void {
    const { known, gauge, receiver } = this
    if (known === undefined) return
    if (known.time > gauge.time) {
      gauge.time = known.time
      receiver.watermark(known.time)
    }
    // Where there are none, it is the gauge that says when that has lasted too long.
    if (!known.isIdle || known.size === 0 || gauge.isIdle) return
    gauge.isIdle = true
    receiver.idle()
  }

  /** The gauge sees the silence of all only, and not that of one. */
  private watchSilence(wait: number | undefined = this.idleTimeout): void {
    const { driver, timers } = this.job
    const { idleTimeout } = this
    if (idleTimeout === undefined || wait === undefined || this.disarm !== undefined) return
    this.disarm = timers.set(driver.now + wait, () => {
      this.disarm = undefined
      const next = this.made().look(driver.now, idleTimeout, this.isWaiting)
      this.settle()
      if (next < Infinity) this.watchSilence(next - driver.now)
    })
  }
}
