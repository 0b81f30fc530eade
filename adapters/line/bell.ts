/** Lets one loop wait until something has changed. A ring while it does not wait is lost: it looks before it waits. */
export class Bell {
  #wake: () => void = () => {}

  /** Bound, so that it can be a listener. */
  readonly ring = (): void => this.#wake()

  /** Resolves at the next ring. */
  rung(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
