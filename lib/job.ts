import { type Clock, realClock } from './clock.ts'
import { balances } from './counters.ts'
import { Driver, type DriverHost } from './driver.ts'
import { Gauge } from './gauge.ts'
import type { JobMetrics } from './metrics.ts'
import { OperatorRegistry } from './operator-registry.ts'
import type { ValueReceiver } from './receiver.ts'
import type { Sink } from './sink.ts'
import { SinkOutlet } from './sink-outlet.ts'
import { type JobSource, SourcePump } from './source-pump.ts'
import type { Timers } from './timers.ts'

/** Settings of a job. */
export interface JobOptions {
  /** Processing time; the wall's unless given. */
  readonly clock?: Clock
  /** Results after which a turn is over and the sinks are written to; 1,024 unless given. */
  readonly batchSize?: number
  /**
   * Results that may wait for a sink before the job fails with `overflow`; 100,000 unless given. Only observables that push
   * come near it, because everything else is held back.
   */
  readonly bufferLimit?: number
}

/** An RxJS subscriber that a job feeds. */
interface Outlet {
  error(error: unknown): void
  add(teardown: () => void): void
}

/** What has become of a job. */
export type Outcome =
  | { readonly kind: 'ended' | 'stopped' }
  | { readonly kind: 'failed'; readonly error: unknown }

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
    job.within(() => wire(job))
    job.start()
    void job.settled.then((outcome) => {
      // The subscribers have gone already; an error that nobody was told of must not pass in silence.
      if (outcome.kind === 'failed' && !job.#isReported) throw outcome.error
    })
  }

  readonly clock: Clock
  readonly driver: Driver
  readonly operators: OperatorRegistry = new OperatorRegistry()
  /** Resolves when the job is over and everything it held is free. */
  readonly settled: Promise<Outcome>
  #settle: (outcome: Outcome) => void = () => {}
  readonly #batchSize: number
  readonly #bufferLimit: number
  readonly #outlets = new Set<Outlet>()
  readonly #onStart: (() => void)[] = []
  readonly #closing: Promise<void>[] = []
  /** The gauge that sources being wired belong to. */
  #gauge: Gauge
  #outcome: Outcome | undefined
  #isReported = false
  #isStopping = false

  constructor(options: JobOptions = {}) {
    this.clock = options.clock ?? realClock
    this.#batchSize = options.batchSize ?? 1_024
    this.#bufferLimit = options.bufferLimit ?? 100_000
    this.driver = new Driver(this.clock, this.#batchSize, this)
    this.#gauge = new Gauge(Infinity, this.clock, this.timers, () => {})
    this.settled = new Promise((resolve) => (this.#settle = resolve))
  }

  get timers(): Timers {
    return this.driver.timers
  }

  get isOver(): boolean {
    return this.#outcome !== undefined
  }

  get isStopping(): boolean {
    return this.#isStopping
  }

  // Wiring

  /** Runs `wire` so that what it subscribes joins this job, its sources belonging to `gauge`. */
  within(wire: () => void, gauge: Gauge = this.#gauge): void {
    const outerJob = Job.#current
    const outerGauge = this.#gauge
    Job.#current = this
    this.#gauge = gauge
    try {
      wire()
    } finally {
      Job.#current = outerJob
      this.#gauge = outerGauge
    }
  }

  /** Makes a gauge and runs `wire` so that the sources it adds belong to it. */
  measure(idleTimeout: number, onIdle: () => void, wire: (gauge: Gauge) => void): void {
    const gauge = new Gauge(idleTimeout, this.clock, this.timers, onIdle)
    this.within(() => wire(gauge), gauge)
    // What pushes is never held back: its silence always counts.
    if (!this.driver.pumps.some((pump) => pump.gauge === gauge)) gauge.startPolling()
  }

  /** Adds a source to pull from; returns a function that closes it. */
  addSource<T>(source: JobSource<T>): () => void {
    const { pumps } = this.driver
    const pump = new SourcePump(source, this.#gauge, pumps.length, () => this.wake())
    pumps.push(pump as SourcePump)
    this.wake()
    return () => {
      this.#closing.push(pump.close())
      this.wake()
    }
  }

  /** Adds a sink; what the returned receiver gets is written to it. */
  addSink<T>(sink: Sink<T>): ValueReceiver<T> {
    const outlet = new SinkOutlet(sink, this.#batchSize, this.#bufferLimit, () => this.driver.interrupt())
    this.driver.sinks.push(outlet)
    return outlet
  }

  /** Adds an RxJS subscriber, to be told of errors. */
  addOutlet(outlet: Outlet): void {
    this.#outlets.add(outlet)
    outlet.add(() => {
      this.#outlets.delete(outlet)
      this.settleIfDone()
    })
  }

  /** Calls `check` when everything has been wired, before anything flows. */
  onStart(check: () => void): void {
    this.#onStart.push(check)
  }

  // Running

  /** Starts when the present synchronous code is done, so that all branches are there from the first value. */
  start(): void {
    queueMicrotask(() => void this.#run())
  }

  /** Hands on a value that an observable pushes. */
  push<T>(receiver: ValueReceiver<T>, value: T): void {
    this.#attempt(() => receiver.value(value))
  }

  /** Hands on the end of an observable that pushes. */
  pushEnd<T>(receiver: ValueReceiver<T>): void {
    this.#attempt(() => receiver.end())
  }

  /** Says that something has happened that the job may be waiting for. */
  wake(): void {
    this.driver.wake()
  }

  /** Ends the input: what has been read is the last, and all windows fire. */
  drain(): void {
    for (const pump of this.driver.pumps) pump.drain()
    this.wake()
  }

  /** Pulls no more; windows stay as they are. */
  stop(): void {
    this.#isStopping = true
    this.wake()
  }

  /** Ends the job with an error, told to every subscriber once. */
  fail(error: unknown): void {
    if (this.isOver) return
    this.#outcome = { kind: 'failed', error }
    this.#isReported = this.#outlets.size > 0
    for (const outlet of [...this.#outlets]) outlet.error(error)
    this.wake()
  }

  /** Is over when every subscriber has left or seen the end, and every sink has taken the end. */
  settleIfDone(): void {
    if (this.isOver || this.#outlets.size > 0 || !this.driver.sinks.every((sink) => sink.done)) return
    this.#outcome = { kind: 'ended' }
    this.wake()
  }

  metrics(): JobMetrics {
    const operators = this.operators.metrics()
    return {
      sources: this.driver.pumps.map((pump) => pump.metrics()),
      operators,
      sinks: this.driver.sinks.map((sink) => sink.metrics()),
      balanced: operators.every(balances),
    }
  }

  #attempt(work: () => void): void {
    if (this.isOver) return
    try {
      this.within(work)
    } catch (error) {
      this.fail(error)
    }
    this.wake()
  }

  async #run(): Promise<void> {
    try {
      for (const check of this.#onStart) check()
      await this.driver.run()
    } catch (error) {
      this.fail(error)
    }
    this.#outcome ??= { kind: 'stopped' }
    this.timers.clear()
    await this.#close()
    this.#settle(this.#outcome)
  }

  async #close(): Promise<void> {
    const { pumps, sinks } = this.driver
    const closed = await Promise.allSettled([
      ...this.#closing,
      ...pumps.map((pump) => pump.close()),
      ...sinks.map((sink) => sink.close()),
    ])
    if (this.#outcome?.kind === 'failed') return
    const failure = closed.find((result) => result.status === 'rejected')
    if (failure !== undefined) this.#outcome = { kind: 'failed', error: failure.reason }
    const defect = this.operators.verify()
    if (defect !== undefined) this.#outcome = { kind: 'failed', error: defect }
  }
}
