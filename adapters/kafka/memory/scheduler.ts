import type { Clock } from '../../../lib/clock.ts'
import type { Chance } from './chance.ts'

/** After so many turns without anything nobody is expected to say something more by themselves. */
const turnsOfQuiet = 8

interface Sent {
  /** What happens when it arrives. */
  readonly arrive: () => void
  /** What happens when it is given up. What can't be given up waits. */
  readonly expire: (() => void) | undefined
  /** Which it is of all that was ever sent. */
  readonly number: number
}

/** What one end sends to another: it arrives in the order in which it was sent. */
export class Lane {
  readonly queue: Sent[] = []
  readonly isHeld: () => boolean
  readonly #scheduler: Scheduler

  /** @param isHeld nothing arrives for now */
  constructor(scheduler: Scheduler, isHeld: () => boolean) {
    this.#scheduler = scheduler
    this.isHeld = isHeld
  }

  send(arrive: () => void, expire?: () => void): void {
    this.#scheduler.send(this, arrive, expire)
  }
}

/**
 * Lets everything that is under way arrive: one thing a step, in the order in which it was sent, or, with a seed, in any order that
 * the lanes allow. In between everybody has the time to go on that the seed gives them, in turns of microtasks and of the clock.
 */
export class Scheduler {
  /** How many have arrived. */
  steps = 0
  readonly #clock: Clock
  readonly #chance: Chance | undefined
  /** Those with something under way. */
  readonly #busy = new Set<Lane>()
  readonly #plans = new Map<number, (() => void)[]>()
  #sent = 0
  #isRunning = false

  constructor(clock: Clock, chance: Chance | undefined) {
    this.#clock = clock
    this.#chance = chance
  }

  /** @param isHeld nothing arrives for now */
  lane(isHeld: () => boolean): Lane {
    return new Lane(this, isHeld)
  }

  send(lane: Lane, arrive: () => void, expire?: () => void): void {
    lane.queue.push({ arrive, expire, number: this.#sent++ })
    this.#busy.add(lane)
    this.wake()
  }

  /** Does something in front of a step. */
  plan(step: number, act: () => void): void {
    this.#plans.set(step, [...(this.#plans.get(step) ?? []), act])
  }

  /** Goes on, where something may have been held until now. */
  wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
  }

  /** Resolves when nothing has been under way for some turns of the clock, but what is held. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < turnsOfQuiet; quiet++) {
      const before = this.#sent
      await this.#clock.turn()
      if (this.#isRunning || this.#sent > before) quiet = 0
    }
  }

  /** Gives up requests that can't arrive by now. */
  expire(): void {
    for (const lane of this.#busy) {
      if (!lane.isHeld() || lane.queue[0]?.expire === undefined) continue
      for (const { expire } of lane.queue.splice(0)) expire?.()
    }
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#pause()
      if (this.#ready().length === 0) break
      for (const act of this.#plans.get(this.steps) ?? []) act()
      this.#plans.delete(this.steps)
      // What was planned may have stopped whoever was next.
      const sent = this.#choose(this.#ready())?.queue.shift()
      if (sent === undefined) continue
      this.steps += 1
      sent.arrive()
    }
    this.#isRunning = false
  }

  async #pause(): Promise<void> {
    if (this.#chance?.below(4) === 0) await this.#clock.turn()
    else for (let i = this.#chance?.below(8) ?? 0; i >= 0; i--) await Promise.resolve()
  }

  #ready(): readonly Lane[] {
    for (const lane of this.#busy) if (lane.queue.length === 0) this.#busy.delete(lane)
    return [...this.#busy].filter((lane) => !lane.isHeld())
  }

  #choose(lanes: readonly Lane[]): Lane | undefined {
    if (this.#chance !== undefined) return lanes[this.#chance.below(lanes.length)]
    return lanes.toSorted((a, b) => numberOf(a) - numberOf(b))[0]
  }
}

function numberOf({ queue: [first] }: Lane): number {
  return first?.number ?? Infinity
}
