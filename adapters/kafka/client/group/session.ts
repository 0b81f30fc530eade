import type { Clock } from '../../../../lib/clock.ts'
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
  readonly #timeout: number
  readonly #endings = new Set<() => void>()
  /** Who the member is in it by now; undefined before it is in the group. */
  standing: Standing | undefined
  #ending: { readonly error: unknown } | undefined
  #lastBeat: number | undefined
  #disarm: () => void = () => {}

  /** @param timeout ms */
  constructor(clock: Clock, timeout: number) {
    this.#clock = clock
    this.#timeout = timeout
  }

  /** Looks at the clock, so that it is right also when the process has slept and no alarm has gone off yet. */
  get isOver(): boolean {
    const silence = this.#lastBeat === undefined ? 0 : this.#clock.now() - this.#lastBeat
    if (silence >= this.#timeout) this.end(new Gone(`no heartbeat was answered for ${silence} ms`))
    return this.#ending !== undefined
  }

  /** What it ended with. */
  get reason(): unknown {
    return this.#ending?.error
  }

  /** The coordinator has seen the member at this time, or later. */
  beat(time: number): void {
    if (this.isOver) return
    const isFirst = this.#lastBeat === undefined
    this.#lastBeat = Math.max(this.#lastBeat ?? time, time)
    if (isFirst) this.#watch(this.#lastBeat)
  }

  /** Whoever waits within it is let go with this error. */
  end(error: unknown): void {
    if (this.#ending !== undefined) return
    this.#ending = { error }
    this.#disarm()
    for (const ended of this.#endings) ended()
    this.#endings.clear()
  }

  /** What `work` comes to, unless the session is over before: then it fails with the reason, and what becomes of `work` is of no interest. */
  within<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const ended = (): void => reject(this.#ending?.error)
      this.#endings.add(ended)
      const settle = (how: () => void): void => {
        this.#endings.delete(ended)
        if (this.isOver) ended()
        else how()
      }
      work.then(
        (result) => settle(() => resolve(result)),
        (error: unknown) => settle(() => reject(error)),
      )
      if (this.isOver) ended()
    })
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

  #watch(since: number): void {
    this.#disarm = this.#clock.at(since + this.#timeout, () => {
      if (!this.isOver) this.#watch(this.#lastBeat ?? since)
    })
  }
}
