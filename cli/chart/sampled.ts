/** Most items that are kept of each kind. */
const most = 4_096

/**
 * Keeps a part of a sequence that is as evenly spread as can be, however long it gets: each item at first, and whenever there are too many,
 * every second of those it has, and then of those to come. Holds 4,096 items.
 */
export class Sampled<T> {
  #items: T[] = []
  /** Each so many of those that come is kept. */
  #stride = 1
  #count = 0

  add(item: T): void {
    if (this.#count++ % this.#stride > 0) return
    if (this.#items.length === most) {
      this.#items = this.#items.filter((_, i) => i % 2 === 0)
      this.#stride *= 2
      if ((this.#count - 1) % this.#stride > 0) return
    }
    this.#items.push(item)
  }

  /** How many there have been. */
  get count(): number {
    return this.#count
  }

  /** Those that were kept. */
  get items(): readonly T[] {
    return this.#items
  }
}
