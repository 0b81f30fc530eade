/** Something that takes part in a merge. */
export interface MergeInput {
  /** Of what it has to give next, epoch ms. */
  readonly time: number
  /** Breaks ties. */
  readonly order: number
}

/**
 * Finds which of many inputs comes first: the one of the lowest time, of several the one of the lowest order. A heap, which is told when
 * its first input has moved on; most often that one stays first, or nearly so.
 */
export class MergeQueue<I extends MergeInput> {
  readonly #inputs: I[] = []

  get first(): I | undefined {
    return this.#inputs[0]
  }

  push(input: I): void {
    const inputs = this.#inputs
    let at = inputs.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = inputs[above]
      if (parent === undefined || !isBefore(input, parent)) break
      inputs[at] = parent
      at = above
    }
    inputs[at] = input
  }

  /** Takes the first input out. */
  shift(): void {
    const last = this.#inputs.pop()
    if (last !== undefined && this.#inputs.length > 0) this.#sink(last)
  }

  /** Finds its place for the first input, which has another time now. */
  settle(): void {
    const [first] = this.#inputs
    if (first !== undefined) this.#sink(first)
  }

  /** Puts an input in the place of the first, and lets it sink. */
  #sink(input: I): void {
    const inputs = this.#inputs
    const { length } = inputs
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      let child = inputs[below]
      if (child === undefined) break
      const right = below + 1 < length ? inputs[below + 1] : undefined
      if (right !== undefined && isBefore(right, child)) {
        below += 1
        child = right
      }
      if (!isBefore(child, input)) break
      inputs[at] = child
      at = below
    }
    inputs[at] = input
  }
}

function isBefore(a: MergeInput, b: MergeInput): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order)
}
