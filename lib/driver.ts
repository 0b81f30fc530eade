import type { Clock } from './clock.ts'
import type { Gauge } from './gauge.ts'
import type { SinkMetrics } from './metrics.ts'
import type { SourcePump } from './source-pump.ts'
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
  within(work: () => void, gauge?: Gauge): void
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
  readonly pumps: SourcePump[] = []
  readonly sinks: DrivenSink[] = []
  readonly #clock: Clock
  readonly #batchSize: number
  readonly #host: DriverHost
  /** The latest is the furthest downstream, and goes first. */
  readonly #unfinished: Unfinished[] = []
  /** What may still be emitted before the turn is over. */
  #budget = 0
  /** An operator is being made to finish, whatever the budget. */
  #isForced = false
  /** Waiting for something to happen, so that a timer may fire at once. */
  #isWaiting = false
  #isWoken = false
  #wake: () => void = () => {}

  constructor(clock: Clock, batchSize: number, host: DriverHost) {
    this.#clock = clock
    this.#batchSize = batchSize
    this.#host = host
    this.timers = new Timers(clock, () => this.#onTimer())
  }

  /** Drives until the host is over, or is stopping and nothing is left over. */
  async run(): Promise<void> {
    const host = this.#host
    while (!host.isOver) {
      this.#budget = this.#batchSize
      const hasWorked = this.#turn()
      for (const sink of this.sinks) await sink.flush()
      if (this.sinks.length > 0) host.settleIfDone()
      if (host.isStopping && this.#unfinished.length === 0) return
      if (hasWorked) await this.#clock.turn()
      else await this.#wait()
    }
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

  /** Lets an operator go on in later turns, before anything else flows. */
  defer(unfinished: Unfinished): void {
    this.#unfinished.push(unfinished)
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
    const host = this.#host
    if (this.#unfinished.length > 0) {
      host.within(() => this.#resume())
      return true
    }
    if (host.isStopping) return false
    if (this.#fireTimers()) return true
    for (const pump of this.pumps) pump.prefetch()
    const first = lowest(this.pumps)
    if (first === undefined || !first.isReady) return false
    const second = this.pumps.length > 1 ? lowest(this.pumps, first) : undefined
    host.within(() => first.push(this.#isInterrupted, second), first.gauge)
    return true
  }

  readonly #isInterrupted = (): boolean => this.#budget <= 0 || this.#unfinished.length > 0 || this.#host.isOver

  #resume(): void {
    for (let last = this.#unfinished.at(-1); last !== undefined && this.#budget > 0; last = this.#unfinished.at(-1)) {
      if (last.resume()) this.#remove(last)
    }
  }

  /** What finishes may have left work over to those behind it, so it need not be the last. */
  #remove(unfinished: Unfinished): void {
    const index = this.#unfinished.indexOf(unfinished)
    if (index >= 0) this.#unfinished.splice(index, 1)
  }

  #fireTimers(): boolean {
    let hasFired = false
    this.#host.within(() => {
      while (!this.#isInterrupted() && this.timers.fireOne()) hasFired = true
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
    const silent = this.#silentGauges()
    for (const gauge of silent) gauge.startPolling()
    if (!this.#isWoken) {
      this.#isWaiting = true
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#isWaiting = false
    }
    this.#isWoken = false
    for (const gauge of silent) gauge.stopPolling()
  }

  #silentGauges(): ReadonlySet<Gauge> {
    const open = this.pumps.filter((pump) => !pump.ended)
    const silent = new Set(open.map((pump) => pump.gauge))
    for (const pump of open) if (pump.isReady) silent.delete(pump.gauge)
    return silent
  }
}

/** The source that is furthest behind in event time; idle ones count again when they have something. */
function lowest(pumps: readonly SourcePump[], except?: SourcePump): SourcePump | undefined {
  let found: SourcePump | undefined
  for (const pump of pumps) {
    if (pump.ended || pump === except || (pump.gauge.isIdle && !pump.isReady)) continue
    if (found === undefined || pump.isBefore(found)) found = pump
  }
  return found
}
