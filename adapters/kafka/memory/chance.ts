/** Chooses, and chooses the same again for the same seed. */
export class Chance {
  #state: number

  /** @param seed an integer */
  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** An integer from 0 up to, and without, `bound`. */
  below(bound: number): number {
    return Math.floor((this.#next() / 2 ** 32) * bound)
  }

  /** Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), cut to 32 bits. */
  #next(): number {
    this.#state = (this.#state + 0x9e_37_79_b9) | 0
    let word = this.#state
    word = Math.imul(word ^ (word >>> 16), 0x85_eb_ca_6b)
    word = Math.imul(word ^ (word >>> 13), 0xc2_b2_ae_35)
    return (word ^ (word >>> 16)) >>> 0
  }
}
