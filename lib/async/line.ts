/** What is declared between events, and goes on in its place among the answers to them. */
export type Mark = number | 'idle' | 'active' | 'end'

/** Answers that may leave in any order among each other, and the marks behind them. */
interface Section<A> {
  /** Events without an answer so far. */
  pending: number
  /** In the order in which they came. */
  readonly answers: A[]
  readonly marks: Mark[]
  next: Section<A> | undefined
}

/**
 * Where answers to events wait for their turn. In an ordered line each waits for those before it, in an unordered one for
 * the marks before it; a mark waits for every answer before it. So no watermark overtakes what came ahead of it, nor does
 * anything fall behind one. A section is freed when all of it has left.
 */
export class Line<A extends object> {
  readonly #isOrdered: boolean
  #head: Section<A> = newSection()
  #tail: Section<A> = this.#head

  constructor(isOrdered: boolean) {
    this.#isOrdered = isOrdered
  }

  /** Nothing is in it, and nothing is to be waited for. */
  get isEmpty(): boolean {
    return this.#head === this.#tail && isEmpty(this.#head) && this.#head.marks.length === 0
  }

  /** Keeps a place for the answer to an event. The function returned takes it, once. */
  place(): (answer: A) => void {
    if (this.#tail.marks.length > 0 || (this.#isOrdered && !isEmpty(this.#tail))) {
      this.#tail = this.#tail.next = newSection()
    }
    const section = this.#tail
    section.pending += 1
    return (answer) => {
      section.pending -= 1
      section.answers.push(answer)
    }
  }

  /** Adds a mark: a watermark in epoch ms, or another. */
  mark(mark: Mark): void {
    const { marks } = this.#tail
    // Of watermarks with nothing between them the last says it all; so there are no more than events.
    if (typeof mark === 'number' && typeof marks.at(-1) === 'number') marks.pop()
    marks.push(mark)
  }

  /** Takes what is to leave next; undefined if that is not there, or nothing is. */
  take(): A | Mark | undefined {
    for (;;) {
      const { pending, answers, marks, next } = this.#head
      if (answers.length > 0) return answers.shift()
      if (pending > 0) return undefined
      if (marks.length > 0 || next === undefined) return marks.shift()
      this.#head = next
    }
  }
}

function newSection<A>(): Section<A> {
  return { pending: 0, answers: [], marks: [], next: undefined }
}

function isEmpty({ pending, answers }: Section<object>): boolean {
  return pending === 0 && answers.length === 0
}
