/** First in, first out, at the same cost however many there are. What has left is let go of. */
export class Fifo<T extends object> {
  #items: (T | undefined)[] = []
  /** Where the first is. */
  #start = 0

  get size(): number {
    return this.#items.length - this.#start
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    const first = this.#items[this.#start]
    if (first === undefined) return undefined
    this.#items[this.#start++] = undefined
    if (this.#start * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
    return first
  }
}
