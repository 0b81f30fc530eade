/** A key that has a place in the order: numbers by their size, then texts by their UTF-16 code units, as `<` compares them. */
export type OrderedKey = number | string

/** How many keys a block may have before it is halved. */
const blockLimit = 512

/**
 * Keys in their order, to read a range of them. They are kept in blocks, so that to add or remove one moves the keys of its block
 * and not all of them.
 */
export class OrderedKeys {
  /** None is empty; the keys of each come before those of the next. */
  readonly #blocks: OrderedKey[][] = []

  /** @param keys each once, in any order */
  constructor(keys: readonly OrderedKey[]) {
    const sorted = keys.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
    for (let from = 0; from < sorted.length; from += blockLimit / 2) {
      this.#blocks.push(sorted.slice(from, from + blockLimit / 2))
    }
  }

  /** Adds a key that is not there. */
  add(key: OrderedKey): void {
    const at = this.#blockOf(key)
    const block = this.#blocks[at]
    if (block === undefined) {
      this.#blocks.push([key])
      return
    }
    block.splice(placeIn(block, key), 0, key)
    if (block.length > blockLimit) this.#blocks.splice(at + 1, 0, block.splice(blockLimit / 2))
  }

  /** Removes a key that is there. */
  remove(key: OrderedKey): void {
    const at = this.#blockOf(key)
    const block = this.#blocks[at]
    if (block === undefined) return
    block.splice(placeIn(block, key), 1)
    if (block.length === 0) this.#blocks.splice(at, 1)
  }

  /** The keys of `[from, to)`, in order. */
  *range(from: OrderedKey, to: OrderedKey): IterableIterator<OrderedKey> {
    const first = this.#blockOf(from)
    for (let at = first; at < this.#blocks.length; at++) {
      const block = this.#blocks[at] ?? []
      for (let i = at === first ? placeIn(block, from) : 0; i < block.length; i++) {
        const key = block[i] as OrderedKey
        if (!isBefore(key, to)) return
        yield key
      }
    }
  }

  /** The last block that does not begin behind the key, or else the first one: where the key is, or would be. */
  #blockOf(key: OrderedKey): number {
    let low = 0
    let high = this.#blocks.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (isBefore(key, this.#blocks[middle]?.[0] as OrderedKey)) high = middle
      else low = middle
    }
    return low
  }
}

/** Tells of a key whether it has a place in the order: `NaN` has none. */
export function isOrderedKey<K>(key: K): key is K & OrderedKey {
  return typeof key === 'string' || (typeof key === 'number' && !Number.isNaN(key))
}

function isBefore(a: OrderedKey, b: OrderedKey): boolean {
  return typeof a === typeof b ? a < b : typeof a === 'number'
}

/** How many keys of a block are before a key. */
function placeIn(block: readonly OrderedKey[], key: OrderedKey): number {
  let low = 0
  let high = block.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(block[middle] as OrderedKey, key)) low = middle + 1
    else high = middle
  }
  return low
}
