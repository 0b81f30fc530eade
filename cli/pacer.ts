import { setTimeout } from 'node:timers/promises'

/** Waits as long as there was between two moments of a recording, or the part of it that the speed says. */
export class Pacer {
  readonly #start: number
  readonly #speed: number
  #begun: number | undefined

  /**
   * @param start of the recording, epoch ms
   * @param speed how many times as fast; `Infinity` for as fast as can be
   */
  constructor(start: number, speed: number) {
    this.#start = start
    this.#speed = speed
  }

  /** Resolves when a moment of the recording has come, or when `signal` aborts. */
  async until(time: number, signal: AbortSignal): Promise<void> {
    if (this.#speed === Infinity) return
    this.#begun ??= performance.now()
    const rest = (time - this.#start) / this.#speed - (performance.now() - this.#begun)
    if (rest > 0) await setTimeout(rest, undefined, { signal }).catch(() => {})
  }
}
