/** An RxJS subscriber that a job feeds. */
export interface Outlet {
  error(error: unknown): void
  add(teardown: () => void): void
}

/** The RxJS subscribers of a job, to be told of errors. */
export class Outlets {
  readonly #onLeave: () => void
  readonly #outlets = new Set<Outlet>()
  /** How many there have ever been. */
  #added = 0

  /** @param onLeave called when one has left, or seen the end */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave
  }

  get isEmpty(): boolean {
    return this.#outlets.size === 0
  }

  add(outlet: Outlet): void {
    this.#added += 1
    this.#outlets.add(outlet)
    outlet.add(() => {
      this.#outlets.delete(outlet)
      this.#onLeave()
    })
  }

  /** Runs `wire`, and tells whether one was added. */
  grow(wire: () => void): boolean {
    const before = this.#added
    wire()
    return this.#added > before
  }

  /** Tells all of an error. Each leaves as it is told; a set can be gone through meanwhile. */
  error(error: unknown): void {
    for (const outlet of this.#outlets) outlet.error(error)
  }
}
