/** How many elements a block may have before it is halved. */
const blockLimit = 512

/**
 * Elements in an order. They are kept in blocks, so that to add or remove one moves the elements of its block and not all of them.
 */
export class SortedBlocks<E> {
  /** None is empty; the elements of each come before those of the next. */
  readonly #blocks: E[][] = []
  readonly #isBefore: (a: E, b: E) => boolean
  #size: number

  /** @param elements no two of which are at the same place, in any order */
  constructor(isBefore: (a: E, b: E) => boolean, elements: readonly E[] = []) {
    this.#isBefore = isBefore
    this.#size = elements.length
    const sorted = elements.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
    for (let from = 0; from < sorted.length; from += blockLimit / 2) {
      this.#blocks.push(sorted.slice(from, from + blockLimit / 2))
    }
  }

  get size(): number {
    return this.#size
  }

  /** Adds an element that is not there. */
  add(element: E): void {
    const at = this.#blockOf(element)
    const block = this.#blocks[at]
    this.#size += 1
    if (block === undefined) {
      this.#blocks.push([element])
      return
    }
    block.splice(this.#placeIn(block, element), 0, element)
    if (block.length > blockLimit) this.#blocks.splice(at + 1, 0, block.splice(blockLimit / 2))
  }

  /** Removes an element that is there. */
  remove(element: E): void {
    const at = this.#blockOf(element)
    const block = this.#blocks[at]
    if (block === undefined) return
    this.#size -= 1
    block.splice(this.#placeIn(block, element), 1)
    if (block.length === 0) this.#blocks.splice(at, 1)
  }

  /** The elements of `[from, to)`, in order. */
  *range(from: E, to: E): IterableIterator<E> {
    const first = this.#blockOf(from)
    for (let at = first; at < this.#blocks.length; at++) {
      const block = this.#blocks[at] ?? []
      for (let i = at === first ? this.#placeIn(block, from) : 0; i < block.length; i++) {
        const element = block[i] as E
        if (!this.#isBefore(element, to)) return
        yield element
      }
    }
  }

  /** The element at a place, from 0; meant for the first ones. */
  at(place: number): E | undefined {
    let before = 0
    for (const block of this.#blocks) {
      if (place < before + block.length) return block[place - before]
      before += block.length
    }
    return undefined
  }

  /** How many are before an element, or `limit` if there are more. */
  countBefore(element: E, limit: number): number {
    const last = this.#blockOf(element)
    let count = 0
    for (let at = 0; at < last && count < limit; at++) count += this.#blocks[at]?.length ?? 0
    return Math.min(limit, count + this.#placeIn(this.#blocks[last] ?? [], element))
  }

  /** The last block that does not begin behind the element, or else the first one: where the element is, or would be. */
  #blockOf(element: E): number {
    let low = 0
    let high = this.#blocks.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(element, this.#blocks[middle]?.[0] as E)) high = middle
      else low = middle
    }
    return low
  }

  /** How many elements of a block are before an element. */
  #placeIn(block: readonly E[], element: E): number {
    let low = 0
    let high = block.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(block[middle] as E, element)) low = middle + 1
      else high = middle
    }
    return low
  }
}
