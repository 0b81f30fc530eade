import type { Clock } from '../clock.ts'
import { Backlog } from './backlog.ts'
import { Doorbell } from './doorbell.ts'
import type { DrivenSink, DriverHost, Unfinished } from './driver-host.ts'
import type { SourceRegistry } from './source-registry.ts'
import { Timers } from './timers.ts'
import { Waiters } from './waiters.ts'

/**
 * Takes turns: finishes what an operator has left over, or hands on what was waited for, or fires the processing-time timers
 * that are due, or pushes one chunk of the source whose event time is lowest, or of several in turn, unless an operator is full;
 * then lets the sinks write, and only then goes on. What may be emitted in one turn is bounded, however large the firing. Between two turns
 * nothing is in flight.
 */
export class Driver {
  readonly timers: Timers
  readonly sinks: DrivenSink[] = []
  readonly waiters: Waiters = new Waiters(() => this.wake())
  readonly #clock: Clock
  readonly #batchSize: number
  readonly #sources: SourceRegistry
  readonly #host: DriverHost
  /** To be done between turns. */
  #afterwork: (() => void)[] = []
  readonly #backlog = new Backlog()
  /** What may still be emitted, and how often sources may still pass each other, before the turn is over. */
  #budget = 0
  /** An operator is being made to finish, whatever the budget. */
  #isForced = false
  /** Processing time of the present moment; undefined until someone asks. */
  #now: number | undefined
  /** Operators that have been wired. */
  #wired = 0
  /** Rings when something has happened that the loop may be waiting for. */
  readonly #bell = new Doorbell()

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
    if (!host.hasFailed && host.checkpoints?.isDue(false) === true) await host.checkpoints.take()
    for (;;) {
      const hasWorked = !host.isOver && this.#turn()
      // From then on what pushes is refused. What has left before, also before an error, is still written.
      const isLast = host.isOver || (host.isStopping && this.#toResume() === undefined)
      for (const sink of this.sinks) await sink.flush()
      if (this.#backlog.isEmpty && !host.hasFailed) await this.#written(isLast)
      if (isLast) return
      host.settleIfDone()
      if (hasWorked) await this.#clock.turn()
      else await this.#wait()
    }
  }

  /** Nothing is left over, and what has left is with the sinks. */
  async #written(isLast: boolean): Promise<void> {
    const { checkpoints } = this.#host
    this.#sources.written()
    if (checkpoints?.isDue(isLast) === true) await checkpoints.take()
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
    this.#bell.ring()
  }

  /** Ends the turn after the value at hand. */
  interrupt(): void {
    this.#budget = 0
  }

  /** The place of an operator that is being wired. */
  nextOrder(): number {
    return this.#wired++
  }

  /** Asked by an operator after each of many elements it emits: may it go on in this turn? */
  hasRoom(emitting: Unfinished): boolean {
    this.#budget -= 1
    return (this.#budget > 0 && !this.waiters.holdsBack(emitting)) || this.#isForced
  }

  /** Something that comes before an operator at work has left work over, so that the operator has to wait. */
  get isHeldUp(): boolean {
    return this.#backlog.isAhead && !this.#isForced
  }

  /** Lets an operator go on in later turns, before anything else flows. */
  defer(unfinished: Unfinished): void {
    this.#backlog.add(unfinished)
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
      this.#backlog.remove(unfinished)
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
    if (this.#toResume() !== undefined) {
      host.within(() => this.#resume())
      return true
    }
    if (host.isStopping) return false
    if (this.#handOn()) return true
    if (this.#fireTimers()) return true
    // Also where work that is left over waits for an answer.
    if (this.waiters.isAnyFull) return false
    return this.#pull() || (host.isDraining && host.endRest())
  }

  /**
   * Pushes from the source furthest behind, and goes on with the next one as long as they only pass each other: those that are
   * close in event time change places at each value. True if there was something.
   */
  #pull(): boolean {
    const sources = this.#sources
    let pump = sources.choose()
    if (pump === undefined) return false
    for (; pump !== undefined; pump = this.#isPumpInterrupted() ? undefined : sources.choose()) {
      const chosen = pump
      let wasPassed = false
      this.#host.within(() => {
        wasPassed = chosen.push(this.#isPumpInterrupted, sources.rivalOf(chosen))
      }, chosen.gauge)
      if (!wasPassed) break
      this.#budget -= 1
    }
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

  readonly #isInterrupted = (): boolean => this.#budget <= 0 || !this.#backlog.isEmpty || this.#host.isOver

  readonly #isPumpInterrupted = (): boolean => this.#isInterrupted() || this.waiters.isAnyFull

  /** Whose turn it is among those that have left work over, unless it has to wait for an answer. */
  #toResume(): Unfinished | undefined {
    const { next } = this.#backlog
    return next === undefined || this.waiters.holdsBack(next) ? undefined : next
  }

  #resume(): void {
    const backlog = this.#backlog
    for (let next = this.#toResume(); next !== undefined && this.#budget > 0; next = this.#toResume()) {
      backlog.begin()
      if (next.resume()) backlog.remove(next)
    }
    backlog.end()
  }

  /** Lets what has been answered go on: true if something did. */
  #handOn(): boolean {
    const waiter = this.waiters.take()
    if (waiter === undefined) return false
    // It comes before what waits for it.
    this.#backlog.begin()
    this.#host.within(() => {
      if (!waiter.resume()) this.waiters.answer(waiter)
    })
    this.#backlog.end()
    return true
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
    if (this.#bell.isAwaited && !this.#bell.hasRung && this.#backlog.isEmpty) {
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
    const silent = this.waiters.isAnyFull ? [] : this.#sources.silentGauges()
    for (const gauge of silent) gauge.startPolling()
    await this.#bell.rung()
    for (const gauge of silent) gauge.stopPolling()
  }
}
