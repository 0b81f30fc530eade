import type { Clock } from '../clock.ts'
import type { Gauge } from './gauge.ts'
import type { SinkMetrics } from '../metrics.ts'
import type { SourceRegistry } from './source-registry.ts'
import { Timers } from './timers.ts'

/** Work that an operator has left over, because it had more to emit than one turn takes. */
export interface Unfinished {
  /** Goes on; true when nothing is left. */
  resume(): boolean
}

/** A sink, as far as the driver is concerned. */
export interface DrivenSink {
  /** Has taken everything, and the end. */
  readonly done: boolean
  /** Writes what has been collected. */
  flush(): Promise<void>
  close(): Promise<void>
  metrics(): SinkMetrics
}

/** What a driver works for. */
export interface DriverHost {
  /** Nothing more is to happen. */
  readonly isOver: boolean
  /** Nothing more is to be pulled. */
  readonly isStopping: boolean
  /** What was opened when this became so is to be the last. */
  readonly isDraining: boolean
  within(work: () => void, gauge?: Gauge): void
  /** Lets go of what has ended. */
  sweep(): void
  /** While draining, ends what does not run dry, and what has been opened since; false if there is nothing. */
  endRest(): boolean
  settleIfDone(): void
  fail(error: unknown): void
}

/**
 * Takes turns: finishes what an operator has left over, or fires the processing-time timers that are due, or pushes one
 * chunk of the source whose event time is lowest; then lets the sinks write, and only then goes on. What may be emitted in
 * one turn is bounded, however large the firing. Between two turns nothing is in flight.
 */
export class Driver {
  readonly timers: Timers
  readonly sinks: DrivenSink[] = []
  readonly #clock: Clock
  readonly #batchSize: number
  readonly #sources: SourceRegistry
  readonly #host: DriverHost
  /** To be done between turns. */
  #afterwork: (() => void)[] = []
  /** The last goes first. */
  readonly #unfinished: Unfinished[] = []
  /**
   * Where operators line up that have to wait now: in front of what was there before the work at hand, which is upstream or
   * a later branch, and behind each other. So everything leaves in the order of an endless turn, whatever the batch size.
   */
  #place = 0
  /** What may still be emitted before the turn is over. */
  #budget = 0
  /** An operator is being made to finish, whatever the budget. */
  #isForced = false
  /** Processing time of the present moment; undefined until someone asks. */
  #now: number | undefined
  /** Waiting for something to happen, so that a timer may fire at once. */
  #isWaiting = false
  #isWoken = false
  #wake: () => void = () => {}

  constructor(clock: Clock, batchSize: number, sources: SourceRegistry, host: DriverHost) {
    this.#clock = clock
    this.#batchSize = batchSize
    this.#sources = sources
    this.#host = host
    this.timers = new Timers(clock, () => this.#onTimer())
  }

  /** Drives until the host is over, or is stopping and nothing is left over. */
  async run(): Promise<void> {
    const host = this.#host
    for (;;) {
      const hasWorked = !host.isOver && this.#turn()
      // From then on what pushes is refused. What has left before, also before an error, is still written.
      const isLast = host.isOver || (host.isStopping && this.#unfinished.length === 0)
      for (const sink of this.sinks) await sink.flush()
      if (isLast) return
      host.settleIfDone()
      if (hasWorked) await this.#clock.turn()
      else await this.#wait()
    }
  }

  /** Processing time, epoch ms, read once for everything that happens in one go. */
  get now(): number {
    return (this.#now ??= this.#clock.now())
  }

  /** Something begins, at a later time than what was before. */
  begin(): void {
    this.#now = undefined
  }

  /** Calls `work` when nothing is in flight any more, before the next turn. */
  afterTurn(work: () => void): void {
    this.#afterwork.push(work)
    this.wake()
  }

  /** Says that something has happened that the loop may be waiting for. */
  wake(): void {
    this.#isWoken = true
    this.#wake()
  }

  /** Ends the turn after the value at hand. */
  interrupt(): void {
    this.#budget = 0
  }

  /** Asked by an operator after each of many elements it emits: may it go on in this turn? */
  hasRoom(): boolean {
    this.#budget -= 1
    return this.#budget > 0 || this.#isForced
  }

  /** Something that comes before an operator at work has left work over, so that the operator has to wait. */
  get isHeldUp(): boolean {
    return this.#unfinished.length > this.#place && !this.#isForced
  }

  /** Lets an operator go on in later turns, before anything else flows. */
  defer(unfinished: Unfinished): void {
    this.#unfinished.splice(this.#place, 0, unfinished)
    this.wake()
  }

  /** Makes an operator finish now, because something pushes on and can't be held back. */
  finish(unfinished: Unfinished): void {
    const outer = this.#isForced
    this.#isForced = true
    try {
      while (!unfinished.resume());
    } finally {
      this.#isForced = outer
      this.#remove(unfinished)
    }
  }

  /** Does what needs doing: true if something did. */
  #turn(): boolean {
    try {
      this.#budget = this.#batchSize
      return this.#tidy() || this.#work()
    } catch (error) {
      this.#host.fail(error)
      return true
    }
  }

  #work(): boolean {
    const host = this.#host
    if (this.#unfinished.length > 0) {
      host.within(() => this.#resume())
      return true
    }
    if (host.isStopping) return false
    if (this.#fireTimers()) return true
    const pump = this.#sources.choose()
    if (pump === undefined) return host.isDraining && host.endRest()
    host.within(() => pump.push(this.#isInterrupted, this.#sources.rivalOf(pump)), pump.gauge)
    return true
  }

  /** Does what had to wait until nothing is in flight: true if there was something, whose results are to be written first. */
  #tidy(): boolean {
    const works = this.#afterwork
    this.#afterwork = []
    for (const work of works) this.#host.within(work)
    this.#host.sweep()
    return works.length > 0
  }

  readonly #isInterrupted = (): boolean => this.#budget <= 0 || this.#unfinished.length > 0 || this.#host.isOver

  #resume(): void {
    for (let last = this.#unfinished.at(-1); last !== undefined && this.#budget > 0; last = this.#unfinished.at(-1)) {
      this.#place = this.#unfinished.length
      if (last.resume()) this.#remove(last)
    }
    this.#place = 0
  }

  /** What finishes may have left work over to those behind it, so it need not be the last. */
  #remove(unfinished: Unfinished): void {
    const index = this.#unfinished.indexOf(unfinished)
    if (index >= 0) this.#unfinished.splice(index, 1)
  }

  #fireTimers(): boolean {
    let hasFired = false
    this.#host.within(() => {
      while (!this.#isInterrupted() && this.timers.fireOne()) {
        hasFired = true
        // The next one may be due at a later time.
        this.begin()
      }
    })
    return hasFired
  }

  /** A timer is due. At work, it is the next turn's business. */
  #onTimer(): void {
    if (this.#isWaiting && !this.#isWoken && this.#unfinished.length === 0) {
      try {
        this.#budget = this.#batchSize
        this.#fireTimers()
      } catch (error) {
        this.#host.fail(error)
      }
    }
    this.wake()
  }

  async #wait(): Promise<void> {
    // Silence counts while every source of a gauge is being asked and none has an answer.
    const silent = this.#sources.silentGauges()
    for (const gauge of silent) gauge.startPolling()
    if (!this.#isWoken) {
      this.#isWaiting = true
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#isWaiting = false
    }
    this.#isWoken = false
    for (const gauge of silent) gauge.stopPolling()
  }
}
