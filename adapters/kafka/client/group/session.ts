import type { Clock } from '../../../../lib/clock.ts'
import { messageOf } from '../../../../lib/errors.ts'
import { Gone } from './gone.ts'

/** Who a member is for its coordinator. */
export interface Standing {
  readonly memberId: string
  /** Or epoch. */
  readonly generation: number
}

/**
 * One stay in a group, from joining until the member is out of it, for whatever reason. It is over, at the latest, when no heartbeat has been
 * answered for the session timeout, by the clock of this process: then the coordinator gives the partitions to others. Silence is counted
 * from when the last answered heartbeat was sent, which is never later than when the coordinator had it.
 */
export class Session {
  readonly #clock: Clock
  readonly #least: number
  #timeout: number
  readonly #endings = new Set<(error: Error) => void>()
  /** Who the member is in it by now; undefined before it is in the group. */
  standing: Standing | undefined
  #ending: Error | undefined
  #lastBeat: number | undefined
  #disarm: () => void = () => {}

  /** @param timeout ms */
  constructor(clock: Clock, timeout: number) {
    this.#clock = clock
    this.#least = timeout
    this.#timeout = timeout
  }

  /** Looks at the clock, so that it is right also when the process has slept and no alarm has gone off yet. */
  get isOver(): boolean {
    const silence = this.#lastBeat === undefined ? 0 : this.#clock.now() - this.#lastBeat
    if (silence >= this.#timeout) this.end(new Gone(`no heartbeat was answered for ${silence} ms`))
    return this.#ending !== undefined
  }

  /** What it ended with. */
  get reason(): Error | undefined {
    return this.#ending
  }

  /** The coordinator has seen the member at this time, or later. */
  beat(time: number): void {
    if (this.isOver) return
    const isFirst = this.#lastBeat === undefined
    this.#lastBeat = Math.max(this.#lastBeat ?? time, time)
    if (isFirst) this.#watch(this.#lastBeat)
  }

  /** Silence is no concern for so many ms, since heartbeats are as far apart as the coordinator wants them to be. */
  tolerate(silence: number): void {
    this.#timeout = Math.max(this.#least, silence)
  }

  /** Whoever waits within it is let go with this error. */
  end(error: unknown): void {
    if (this.#ending !== undefined) return
    this.#ending = error instanceof Error ? error : new Error(messageOf(error), { cause: error })
    this.#disarm()
    for (const ended of this.#endings) ended(this.#ending)
    this.#endings.clear()
  }

  /** What `work` comes to, unless the session is over before: then it fails with the reason, and what becomes of `work` is of no interest. */
  async within<Result>(work: Promise<Result>): Promise<Result> {
    let ended: (error: Error) => void = () => {}
    const over = new Promise<never>((_, reject) => {
      ended = reject
    })
    this.#endings.add(ended)
    if (this.#ending !== undefined) ended(this.#ending)
    try {
      const result = await Promise.race([work, over])
      this.#check()
      return result
    } catch (error) {
      this.#check()
      throw error
    } finally {
      this.#endings.delete(ended)
    }
  }

  /** Waits, and leaves no alarm behind when the session is over or `wake` is settled before. */
  async sleep(ms: number, wake?: Promise<void>): Promise<void> {
    let disarm: () => void = () => {}
    const alarm = new Promise<void>((resolve) => {
      disarm = this.#clock.at(this.#clock.now() + ms, resolve)
    })
    try {
      await this.within(wake === undefined ? alarm : Promise.race([alarm, wake]))
    } finally {
      disarm()
    }
  }

  #check(): void {
    if (this.isOver && this.#ending !== undefined) throw this.#ending
  }

  #watch(since: number): void {
    this.#disarm = this.#clock.at(since + this.#timeout, () => {
      if (!this.isOver) this.#watch(this.#lastBeat ?? since)
    })
  }
}
