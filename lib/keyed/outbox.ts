/**
 * What a function emits, until it has returned: only then is the state complete, and what leaves may come back as an event. What
 * comes of that leaves behind what was emitted before.
 */
export class Outbox<O> {
  readonly #waiting: O[] = []
  #next = 0

  push(event: O): void {
    this.#waiting.push(event)
  }

  /** Sends everything on, also where it is called by what that has brought back. */
  flush(to: { emit(event: O): void }): void {
    while (this.#next < this.#waiting.length) {
      const event = this.#waiting[this.#next] as O
      this.#next += 1
      to.emit(event)
    }
    this.#waiting.length = 0
    this.#next = 0
  }
}
