import { Subscription } from '../rx.ts'
import { type Clock, realClock } from '../clock.ts'
import { balances } from '../counters.ts'
import type { CheckpointSettings } from '../checkpoint/checkpoint-options.ts'
import { Checkpoints } from './checkpoints.ts'
import { Driver } from './driver.ts'
import type { DriverHost } from './driver-host.ts'
import { Gauge } from './gauge.ts'
import type { Inlet } from './inlet.ts'
import { type JobOptions, toLimits } from './job-options.ts'
import type { JobMetrics } from '../metrics.ts'
import { type Notice, warn } from './notice.ts'
import { OperatorRegistry } from './operator-registry.ts'
import { Outlets } from './outlets.ts'
import type { Sink } from '../sink.ts'
import { SinkOutlet } from './sink-outlet.ts'
import type { JobSource } from './source-pump.ts'
import { SourceRegistry } from './source-registry.ts'
import type { Timers } from './timers.ts'

/** What has become of a job. */
export type Outcome = { readonly kind: 'ended' | 'stopped' } | { readonly kind: 'failed'; readonly error: unknown }

/**
 * One pipeline at work: its sources, operators, sinks and RxJS subscribers, from the first subscription to the end.
 *
 * Wiring happens in dynamic scope: while `within` runs, whatever is subscribed joins this job.
 */
export class Job implements DriverHost {
  static #current: Job | undefined

  /** The job being wired or at work. */
  static get current(): Job | undefined {
    const job = Job.#current
    return job?.isOver === true ? undefined : job
  }

  /** Joins the current job, or opens one that starts when the present synchronous code is done. */
  static join(this: void, wire: (job: Job) => void): void {
    const { current } = Job
    if (current !== undefined) {
      wire(current)
      return
    }
    const job = new Job()
    job.start(() => wire(job))
    void job.settled.then((outcome) => {
      // The subscribers have gone already; an error that nobody was told of must not pass in silence.
      if (outcome.kind === 'failed' && !job.#isReported) throw outcome.error
    })
  }

  readonly clock: Clock
  readonly driver: Driver
  readonly operators: OperatorRegistry = new OperatorRegistry()
  readonly sources: SourceRegistry = new SourceRegistry(this)
  readonly outlets: Outlets = new Outlets(() => this.settleIfDone())
  /** Observables that push and have not ended; what is further upstream comes first. */
  readonly inlets: Set<Inlet> = new Set()
  /** Observables behind which are sources of the job: one that is shared shows them to the first subscriber alone. */
  readonly fed: WeakSet<object> = new WeakSet()
  /** Ends the subscriptions that the job itself made. */
  readonly teardown: Subscription = new Subscription()
  /** Resolves when the job is over and everything it held is free. */
  readonly settled: Promise<Outcome>
  #settle: (outcome: Outcome) => void = () => {}
  readonly limits: { readonly batchSize: number; readonly bufferLimit: number }
  readonly notify: (notice: Notice) => void
  /** Takes checkpoints, if that is wanted. */
  readonly checkpoints: Checkpoints | undefined
  /** The gauge that sources being wired belong to. */
  #gauge: Gauge
  #outcome: Outcome | undefined
  #isReported = false
  isStopping = false
  isDraining = false

  constructor(options: JobOptions = {}, checkpoint?: CheckpointSettings) {
    this.clock = options.clock ?? realClock
    this.limits = toLimits(options)
    this.notify = options.onNotice ?? warn
    this.driver = new Driver(this.clock, this.limits.batchSize, this.sources, this)
    this.checkpoints = checkpoint && new Checkpoints(checkpoint, this)
    this.#gauge = new Gauge(Infinity, this.clock, this.timers, () => {}, false)
    this.settled = new Promise((resolve) => (this.#settle = resolve))
  }

  get timers(): Timers {
    return this.driver.timers
  }

  get isOver(): boolean {
    return this.#outcome !== undefined
  }

  get hasFailed(): boolean {
    return this.#outcome?.kind === 'failed'
  }

  // Wiring

  /** Runs `wire` so that what it subscribes joins this job, its sources belonging to `gauge`. */
  within(wire: () => void, gauge: Gauge = this.#gauge): void {
    const outerJob = Job.#current
    const outerGauge = this.#gauge
    Job.#current = this
    this.#gauge = gauge
    if (outerJob !== this) this.driver.begin()
    try {
      wire()
    } finally {
      Job.#current = outerJob
      this.#gauge = outerGauge
    }
  }

  /** Adds a source to pull from; returns a function that closes it. */
  addSource<T>(source: JobSource<T>): () => void {
    const pump = this.sources.add(source, this.#gauge)
    pump.isHeld = this.isDraining
    this.wake()
    return () => {
      this.sources.close(pump)
      this.wake()
    }
  }

  /** Adds a sink; what the outlet gets is written to it. */
  addSink<T>(sink: Sink<T>): SinkOutlet<T> {
    const { batchSize, bufferLimit } = this.limits
    const outlet = new SinkOutlet(sink, Math.min(batchSize, bufferLimit), bufferLimit, () => this.driver.interrupt())
    this.driver.sinks.push(outlet)
    this.teardown.add(outlet.wiring)
    return outlet
  }

  // Running

  /** Wires the pipeline, and starts when the present synchronous code is done: all branches are there from the first value. */
  start(wire: () => void): void {
    if (this.checkpoints !== undefined) {
      const recovered = this.checkpoints.recover(() => this.within(wire))
      void recovered.catch((error: unknown) => this.fail(error)).then(() => this.#run())
      return
    }
    try {
      this.within(wire)
    } catch (error) {
      this.fail(error)
    }
    queueMicrotask(() => void this.#run())
  }

  /** Does what something outside of the job's turns sets off, such as an observable that pushes. */
  attempt(work: () => void): void {
    if (this.isOver || this.isStopping) return
    try {
      if (this.checkpoints?.hold(() => this.attempt(work)) === true) return
      this.within(work)
    } catch (error) {
      this.fail(error)
    }
    this.wake()
  }

  /** Says that something has happened that the job may be waiting for. */
  wake(): void {
    this.driver.wake()
  }

  /** Ends the input: what has been read is the last. What pushes ends too, unless sources behind it may be on their way. */
  drain(): void {
    if (this.isDraining) return
    this.isDraining = true
    for (const pump of this.sources.open) pump.drain()
    this.wake()
  }

  /** Pulls no more; windows stay as they are. */
  stop(): void {
    this.isStopping = true
    this.wake()
  }

  /** Ends the job with an error, told to every subscriber once. */
  fail(error: unknown): void {
    if (this.isOver) return
    this.#outcome = { kind: 'failed', error }
    this.#isReported = !this.outlets.isEmpty
    // First, so that no `retry` or `catchError` inside opens again what ends here.
    this.teardown.unsubscribe()
    this.outlets.error(error)
    this.wake()
  }

  /** Is over when every subscriber has left or seen the end, and every sink has taken the end. */
  settleIfDone(): void {
    if (this.isOver || !this.outlets.isEmpty || !this.driver.sinks.every((sink) => sink.done)) return
    this.#outcome = { kind: 'ended' }
    this.wake()
  }

  sweep(): void {
    this.sources.sweep()
    this.operators.sweep()
  }

  endRest(): boolean {
    const held = [...this.sources.open]
    const inlets = [...this.inlets].filter((inlet) => inlet.isRoot || held.length > 0)
    for (const inlet of inlets) inlet.end()
    for (const pump of held) pump.drain()
    return inlets.length > 0 || held.length > 0
  }

  metrics(): JobMetrics {
    const operators = this.operators.metrics()
    return {
      sources: this.sources.metrics(),
      operators,
      sinks: this.driver.sinks.map((sink) => sink.metrics()),
      balanced: operators.every(balances),
    }
  }

  async #run(): Promise<void> {
    try {
      await this.driver.run()
    } catch (error) {
      // The last checkpoint is taken when all subscribers have seen the end.
      if (this.#outcome?.kind === 'ended') this.#outcome = { kind: 'failed', error }
      else this.fail(error)
    }
    this.#outcome ??= { kind: 'stopped' }
    this.timers.clear()
    await this.#close()
    this.#settle(this.#outcome)
  }

  async #close(): Promise<void> {
    const reason = this.#outcome?.kind === 'failed' ? this.#outcome.error : undefined
    const sinks = this.driver.sinks.map((sink) => sink.close(reason))
    const closed = await Promise.allSettled([this.sources.closeAll(), ...sinks, this.checkpoints?.close()])
    if (this.#outcome?.kind === 'failed') return
    const failure = closed.find((result) => result.status === 'rejected')
    if (failure !== undefined) this.#outcome = { kind: 'failed', error: failure.reason }
    const defect = this.operators.verify()
    if (defect !== undefined) this.#outcome = { kind: 'failed', error: defect }
  }
}
