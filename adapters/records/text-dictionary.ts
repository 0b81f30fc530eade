/** Texts, and bytes of all of them together, with which a dictionary is due to begin anew. */
const manyTexts = 2 ** 16
const manyBytes = 2 ** 22

/**
 * Numbers texts in the order in which they are seen first, by their bytes: a text that was seen before costs neither a string
 * nor a look into a map.
 */
export class TextDictionary {
  /** Number of a text plus one, by hash; 0 for an empty slot. At most half of the slots are in use, so looks are few. */
  #table = new Int32Array(2 ** 10)
  /** Where the texts lie in `#arena`: each begins where the one before ends. */
  #ends = new Int32Array(this.#table.length / 2 + 1)
  #arena: Buffer = Buffer.allocUnsafeSlow(2 ** 12)
  #size = 0
  #added: string[] = []

  /** Has become large. It is up to its owner to `clear` it. */
  get isLarge(): boolean {
    return this.#size >= manyTexts || (this.#ends[this.#size] ?? 0) >= manyBytes
  }

  /** The number of a text. */
  numberOf(bytes: Buffer, start: number, end: number): number {
    const table = this.#table
    const last = table.length - 1
    let slot = hashOf(bytes, start, end) & last
    for (;;) {
      const number = (table[slot] ?? 0) - 1
      if (number < 0) return this.#add(slot, bytes, start, end)
      if (this.#isSpelled(number, bytes, start, end)) return number
      slot = (slot + 1) & last
    }
  }

  /** The texts that were added since this was asked last, in the order of their numbers. */
  takeAdded(): readonly string[] {
    const added = this.#added
    this.#added = []
    return added
  }

  /** Forgets all texts. */
  clear(): void {
    this.#table.fill(0)
    this.#size = 0
    this.#added = []
  }

  #isSpelled(number: number, bytes: Buffer, start: number, end: number): boolean {
    const arena = this.#arena
    const from = this.#ends[number] ?? 0
    if ((this.#ends[number + 1] ?? 0) - from !== end - start) return false
    for (let at = start, there = from; at < end; at++, there++) if (arena[there] !== bytes[at]) return false
    return true
  }

  #add(slot: number, bytes: Buffer, start: number, end: number): number {
    const number = this.#size++
    const from = this.#ends[number] ?? 0
    const until = from + end - start
    if (until > this.#arena.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(until, 2 * this.#arena.length))
      this.#arena.copy(larger, 0, 0, from)
      this.#arena = larger
    }
    bytes.copy(this.#arena, from, start, end)
    this.#ends[number + 1] = until
    this.#table[slot] = number + 1
    this.#added.push(bytes.toString('utf8', start, end))
    if (2 * this.#size === this.#table.length) this.#grow()
    return number
  }

  #grow(): void {
    const ends = new Int32Array(this.#table.length + 1)
    ends.set(this.#ends)
    this.#ends = ends
    const table = new Int32Array(2 * this.#table.length)
    const last = table.length - 1
    for (let number = 0; number < this.#size; number++) {
      let slot = hashOf(this.#arena, ends[number] ?? 0, ends[number + 1] ?? 0) & last
      while (table[slot] !== 0) slot = (slot + 1) & last
      table[slot] = number + 1
    }
    this.#table = table
  }
}

function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
  // Times 2^32 over the golden ratio, the upper half depends on every byte (Knuth's multiplicative hashing).
  const mixed = Math.imul(hash, -1_640_531_527)
  return mixed ^ (mixed >>> 16)
}
