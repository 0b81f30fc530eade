import type { Unfinished } from './driver-host.ts'

/** Operators that have left work over. The last goes first. */
export class Backlog {
  readonly #line: Unfinished[] = []
  /**
   * Where operators line up that have to wait now: in front of what was there before the work at hand, which is upstream or
   * a later branch, and behind each other. So everything leaves in the order of an endless turn, whatever the batch size.
   */
  #place = 0

  get isEmpty(): boolean {
    return this.#line.length === 0
  }

  /** Whose turn it is. */
  get next(): Unfinished | undefined {
    return this.#line.at(-1)
  }

  /** Something that comes before the work at hand has left work over. */
  get isAhead(): boolean {
    return this.#line.length > this.#place
  }

  /** Work begins that comes before all there is. */
  begin(): void {
    this.#place = this.#line.length
  }

  /** Work begins that comes after all there is. */
  end(): void {
    this.#place = 0
  }

  add(unfinished: Unfinished): void {
    this.#line.splice(this.#place, 0, unfinished)
  }

  /** What finishes may have left work over to those behind it, so it need not be the last. */
  remove(unfinished: Unfinished): void {
    const index = this.#line.indexOf(unfinished)
    if (index >= 0) this.#line.splice(index, 1)
  }
}
