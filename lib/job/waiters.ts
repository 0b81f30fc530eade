import type { Unfinished } from './driver-host.ts'

/**
 * Operators that wait for answers from outside of the job, such as promises: which of them take no more for now, and which
 * have something to hand on. One that is full holds back what is wired after it, and nothing else. That is what is upstream of
 * it, so those behind one another can't wait for each other in a circle: nothing holds back the first.
 */
export class Waiters {
  readonly #wake: () => void
  readonly #full = new Set<Unfinished>()
  readonly #answered = new Set<Unfinished>()

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Nothing may be pulled. */
  get isAnyFull(): boolean {
    return this.#full.size > 0
  }

  /** Tells that an operator takes no more for now, or that it does again. */
  setFull(waiter: Unfinished, isFull: boolean): void {
    if (isFull) this.#full.add(waiter)
    else if (this.#full.delete(waiter)) this.#wake()
  }

  /** Something that an operator emits to is full. */
  holdsBack({ order }: Unfinished): boolean {
    // As a rule, and asked for every result of a large firing.
    if (this.#full.size === 0) return false
    for (const full of this.#full) if (full.order < order) return true
    return false
  }

  /** Tells that an operator has something to hand on, in a turn of the job. */
  answer(waiter: Unfinished): void {
    this.#answered.add(waiter)
    this.#wake()
  }

  /** Takes the first that has something to hand on and is not held back. */
  take(): Unfinished | undefined {
    for (const waiter of this.#answered) {
      if (this.holdsBack(waiter)) continue
      this.#answered.delete(waiter)
      return waiter
    }
    return undefined
  }

  /** Forgets an operator that has been torn down. */
  remove(waiter: Unfinished): void {
    this.#answered.delete(waiter)
    this.setFull(waiter, false)
  }
}
