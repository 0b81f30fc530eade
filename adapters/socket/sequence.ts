/** Numbers that may still come, although a later one was seen. */
const mostMissing = 256

/**
 * Finds what is missing in the numbers of one sender, whose datagrams may overtake each other. Holds the 256 numbers at most that were
 * passed over last; what has not come by then is lost. Two numbers in a row that are further behind are those of a sender that has
 * begun again.
 *
 * @see RFC 3550, appendix A.1, for beginning again
 */
export class Sequence {
  #next: number | undefined
  /** Behind one that was far behind. */
  #again: number | undefined
  /** In ascending order. */
  readonly #missing = new Set<number>()

  /** Sees a number; returns how many are lost beyond doubt since the one before. */
  see(number: number): number {
    const next = this.#next ?? number
    if (this.#missing.delete(number)) return 0
    if (number < next) {
      if (next - number <= mostMissing) return 0
      if (number === this.#again) return this.#restart(number)
      this.#again = number + 1
      return 0
    }
    const gap = number - next
    this.#next = number + 1
    const kept = Math.min(gap, mostMissing)
    for (let missing = number - kept; missing < number; missing++) this.#missing.add(missing)
    return gap - kept + this.#drop()
  }

  /** How many have not come, at the end. */
  end(): number {
    const { size } = this.#missing
    this.#missing.clear()
    return size
  }

  #restart(number: number): number {
    const lost = this.end()
    this.#next = number + 1
    return lost
  }

  /** Gives up those that were passed over first. */
  #drop(): number {
    let dropped = 0
    for (const missing of this.#missing) {
      if (this.#missing.size <= mostMissing) break
      this.#missing.delete(missing)
      dropped += 1
    }
    return dropped
  }
}
