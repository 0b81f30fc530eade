import type { Clock } from '../../../lib/clock.ts'
import { Chance } from './chance.ts'

/** Something that arrives somewhere: a request at a broker, an answer at a client. */
type Arrival = () => void

interface Queued {
  readonly arrival: Arrival
  /** Which it was of all that were ever sent. */
  readonly sent: number
}

/** What one end has sent to another: arrives in the order in which it was sent. */
export class Lane {
  readonly queue: Queued[] = []
  readonly isHeld: () => boolean
  readonly #scheduler: Scheduler

  constructor(scheduler: Scheduler, isHeld: () => boolean) {
    this.#scheduler = scheduler
    this.isHeld = isHeld
  }

  send(arrival: Arrival): void {
    this.#scheduler.send(this, arrival)
  }
}

/**
 * Lets everything that is under way arrive: one thing a step, in the order in which it was sent, or, with a seed, in any order that
 * the lanes allow. In between everybody has the time to go on that the seed gives them, in turns of microtasks and of the clock.
 */
export class Scheduler {
  /** How many have arrived. */
  steps = 0
  /** Is called in front of each step. */
  readonly #before: (step: number) => void
  readonly #clock: Clock
  readonly #chance: Chance | undefined
  /** Those with something under way. */
  readonly #busy: Lane[] = []
  #sent = 0
  #isRunning = false

  constructor(clock: Clock, chance: Chance | undefined, before: (step: number) => void) {
    this.#clock = clock
    this.#chance = chance
    this.#before = before
  }

  lane(isHeld: () => boolean = () => false): Lane {
    return new Lane(this, isHeld)
  }

  send(lane: Lane, arrival: Arrival): void {
    if (lane.queue.push({ arrival, sent: this.#sent++ }) === 1) this.#busy.push(lane)
    this.wake()
  }

  /** Goes on, where something may have been held until now. */
  wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#pause()
      if (this.#ready().length > 0) this.#before(this.steps)
      const lane = this.#pick()
      if (lane === undefined) break
      this.steps += 1
      const next = lane.queue.shift()
      if (lane.queue.length === 0) this.#busy.splice(this.#busy.indexOf(lane), 1)
      next?.arrival()
    }
    this.#isRunning = false
  }

  async #pause(): Promise<void> {
    if (this.#chance?.below(4) === 0) await this.#clock.turn()
    else for (let i = this.#chance?.below(8) ?? 0; i >= 0; i--) await undefined
  }

  #ready(): readonly Lane[] {
    return this.#busy.filter((lane) => lane.queue.length > 0 && !lane.isHeld())
  }

  #pick(): Lane | undefined {
    const ready = this.#ready()
    if (this.#chance !== undefined) return ready[this.#chance.below(ready.length)]
    return ready.reduce<Lane | undefined>(
      (first, lane) => (first === undefined || sentOf(lane) < sentOf(first) ? lane : first),
      undefined,
    )
  }
}

function sentOf(lane: Lane): number {
  return lane.queue[0]?.sent ?? Infinity
}
