import type { Observable, Subscription } from 'rxjs'
import type { IngressRecord } from '../checkpoint/job-record.ts'
import { callbackError } from '../callback-error.ts'
import { Counters } from '../counters.ts'
import { event, type Event, type Stream } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import { connectValues, StreamFlow } from './flow.ts'
import { Gauge } from '../job/gauge.ts'
import type { Job } from '../job/job.ts'
import type { OperatorMetrics } from '../metrics.ts'
import type { StreamReceiver, ValueReceiver } from '../receiver.ts'
import type { SideOutput, SideWriter } from './side-output.ts'
import { IngressSplits } from './ingress-splits.ts'
import type { Splits } from '../job/source-splits.ts'
import { SplitWatermarks } from '../watermarks/split-watermarks.ts'
import type { WatermarkGenerator, WatermarkStrategy } from '../watermarks/watermark-strategy.ts'

/** A value that could not become an event. */
export interface Untimed<T> {
  readonly value: T
  readonly reason: string
}

/** How values become events. */
export interface IngressDefinition<T> {
  readonly name: string
  readonly id?: string | undefined
  readonly timeOf: (value: T) => number
  readonly strategy: WatermarkStrategy<T>
  /** Gets the events that are too far in the future. */
  readonly future?: SideOutput<Event<T, undefined, undefined>> | undefined
  /** Gets the values without a valid time; unless given, such a value is an error of the job. */
  readonly untimed?: SideOutput<Untimed<T>> | undefined
}

/** Makes a stream of an observable of plain values, which is where event time, watermarks and idleness begin. */
export function defineIngress<T>(
  source: Observable<T>,
  definition: IngressDefinition<T>,
): Stream<T, undefined, undefined> {
  return new StreamFlow<Event<T, undefined, undefined>>((receiver, job, teardown) => {
    const { idleTimeout = Infinity } = definition.strategy
    const gauge = new Gauge(idleTimeout, job.clock, job.timers, () => ingress.idle())
    teardown.add(() => gauge.close())
    const ingress: Ingress<T> = new Ingress(definition, receiver, job, gauge, teardown)
    // The sources found above belong to the gauge.
    job.within(() => connectValues(source, ingress, job, teardown), gauge)
    if (!gauge.hasSources) gauge.startPolling()
  }, true)
}

class Ingress<T> implements ValueReceiver<T> {
  private readonly counters = new Counters()
  private readonly name: string
  private readonly id: string
  private readonly timeOf: (value: T) => number
  private readonly generator: WatermarkGenerator<T>
  private readonly splits: IngressSplits<T>
  /** What values are of. */
  private readonly pushed: Splits
  private readonly maxFutureSkew: number
  private readonly receiver: StreamReceiver<Event<T, undefined, undefined>>
  private readonly job: Job
  private readonly gauge: Gauge
  private readonly future: SideWriter<Event<T, undefined, undefined>> | undefined
  private readonly untimed: SideWriter<Untimed<T>> | undefined
  /** Times up to here are not too far in the future. */
  private horizon: number

  constructor(
    definition: IngressDefinition<T>,
    receiver: StreamReceiver<Event<T, undefined, undefined>>,
    job: Job,
    gauge: Gauge,
    teardown: Subscription,
  ) {
    const { name, strategy, timeOf, future, untimed } = definition
    this.name = name
    this.id = job.operators.add(name, definition.id, this)
    const recovered = job.checkpoints?.recovered?.operator<IngressRecord>(this.id)
    this.timeOf = timeOf
    this.generator = strategy.create()
    this.maxFutureSkew = strategy.maxFutureSkew ?? Infinity
    this.horizon = this.maxFutureSkew === Infinity ? Infinity : -Infinity
    this.receiver = receiver
    this.job = job
    this.gauge = gauge
    // The generator may well start anew: nothing is behind the watermark that stands.
    if (recovered !== undefined) {
      gauge.time = recovered.watermark
      gauge.isIdle = recovered.isIdle
    }
    this.future = future?.open(job, teardown)
    this.untimed = untimed?.open(job, teardown)
    const create = (): SplitWatermarks<T> =>
      new SplitWatermarks(strategy, this.generator, gauge.time, recovered?.splits)
    this.splits = new IngressSplits(create, strategy.idleTimeout, receiver, job, gauge)
    gauge.splits = this.splits
    this.pushed = job.sources.splits
    this.pushed.listeners.add(this.splits)
    teardown.add(() => {
      job.operators.remove(this.id)
      this.pushed.listeners.delete(this.splits)
      this.splits.end()
    })
  }

  value(value: T): void {
    this.counters.in += 1
    const time = this.timeFor(value)
    if (time === undefined) return
    this.gauge.active()
    const made = event(value, time)
    if (time > this.horizon && this.isFuture(time)) {
      this.counters.refused += 1
      this.future?.write(made)
      return
    }
    this.counters.out += 1
    this.receiver.event(made)
    const watermark = this.watermarkAfter(made)
    // The generator may answer anything up to the watermark that stands: it never goes back.
    if (watermark > this.gauge.time) {
      this.gauge.time = watermark
      this.receiver.watermark(watermark)
    }
  }

  /** Nothing has come for so long that it is silence. */
  idle(): void {
    this.splits.silence()
    this.receiver.idle()
  }

  end(): void {
    this.splits.end()
    this.gauge.time = Infinity
    this.gauge.close()
    this.receiver.watermark(Infinity)
    this.receiver.end()
    this.future?.end()
    this.untimed?.end()
  }

  save(): IngressRecord {
    const splits = this.splits.watermarks?.save() ?? []
    return { watermark: this.gauge.time, isIdle: this.gauge.isIdle, ...(splits.length === 0 ? {} : { splits }) }
  }

  metrics(): OperatorMetrics {
    const { id, name, counters, gauge } = this
    const entries = this.splits.watermarks?.size ?? 0
    return { id, name, ...counters.counts(), contributed: counters.out, held: 0, entries, watermark: gauge.time }
  }

  /** The value's event time; undefined when it has none and has been refused. */
  private timeFor(value: T): number | undefined {
    let time: number
    try {
      time = this.timeOf(value)
    } catch (error) {
      throw callbackError(error, this.id)
    }
    if (Number.isSafeInteger(time)) return time
    const reason = `expected an event time in whole milliseconds since the epoch, got ${show(time)}`
    if (this.untimed === undefined)
      throw new TidemarkError('invalid-time', `${this.id}: ${reason}`, { operator: this.id })
    this.counters.refused += 1
    this.untimed.write({ value, reason })
    return undefined
  }

  private watermarkAfter(made: Event<T, undefined, undefined>): number {
    const { current } = this.pushed
    const split = current?.sharesWatermark === true ? undefined : current
    try {
      if (split === undefined && this.splits.watermarks === undefined) {
        return this.generator.onEvent(made.value, made.time)
      }
      return this.splits.onEvent(split, made.value, made.time)
    } catch (error) {
      throw callbackError(error, this.id, made)
    }
  }

  /** The clock only moves forward, so it is asked again only for a time beyond what it allowed before. */
  private isFuture(time: number): boolean {
    this.horizon = this.job.clock.now() + this.maxFutureSkew
    return time > this.horizon
  }
}
