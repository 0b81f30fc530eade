/** Lets one loop wait until something has happened. A ring while it is at work is kept for its next wait. */
export class Doorbell {
  /** The loop waits. */
  isAwaited = false
  /** It has rung since the loop waited last. */
  hasRung = false
  #wake: () => void = () => {}

  ring(): void {
    // Most rings come while the loop is at work, one for each value.
    if (this.hasRung) return
    this.hasRung = true
    this.#wake()
  }

  /** Resolves at a ring, or at once if there was one. */
  async rung(): Promise<void> {
    if (!this.hasRung) {
      this.isAwaited = true
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.isAwaited = false
    }
    this.hasRung = false
  }
}
