/** Failures that are shown one by one. */
export const mostShown = 3

/** Tells the user of expressions that failed: of the first ones one by one. */
export class Failures {
  readonly #say: (text: string) => void
  #count = 0

  /** @param say shows a line to the user */
  constructor(say: (text: string) => void) {
    this.#say = say
  }

  /** @param text where it was, and why */
  add(text: string): void {
    this.#count += 1
    if (this.#count <= mostShown) this.#say(text)
  }

  /** Counts some of which nobody needs to be told. */
  addSilently(count: number): void {
    this.#count += count
  }

  /** What the user should know when all is done. */
  notes(): string[] {
    const more = this.#count - mostShown
    return more > 0 ? [`${more} more lines for which --let or --where failed`] : []
  }
}
