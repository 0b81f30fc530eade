/** What is declared between events, and goes on in its place among the answers to them. */
export type Mark = number | 'idle' | 'active' | 'end'

/** An event, and the answer to it when that has come. */
interface Place<A, E> {
  readonly event: E
  answer: A | undefined
}

/** Answers that may leave in any order among each other, and the marks behind them. */
interface Section<A, E> {
  /** Those whose answer has not left, in the order of the events. */
  readonly places: Set<Place<A, E>>
  /** Those of them whose answer is there, in the order in which they came. */
  readonly answered: Place<A, E>[]
  readonly marks: Mark[]
  next: Section<A, E> | undefined
}

/**
 * Where answers to events wait for their turn. In an ordered line each waits for those before it, in an unordered one for
 * the marks before it; a mark waits for every answer before it. So no watermark overtakes what came ahead of it, nor does
 * anything fall behind one. A section is freed when all of it has left.
 */
export class Line<A extends object, E = void> {
  readonly #isOrdered: boolean
  #head: Section<A, E> = newSection()
  #tail: Section<A, E> = this.#head

  constructor(isOrdered: boolean) {
    this.#isOrdered = isOrdered
  }

  /** Nothing is in it, and nothing is to be waited for. */
  get isEmpty(): boolean {
    return this.#head === this.#tail && this.#head.places.size === 0 && this.#head.marks.length === 0
  }

  /** Keeps a place for the answer to an event. The function returned takes it, once. */
  place(event: E): (answer: A) => void {
    if (this.#tail.marks.length > 0 || (this.#isOrdered && this.#tail.places.size > 0)) {
      this.#tail = this.#tail.next = newSection()
    }
    const section = this.#tail
    const place: Place<A, E> = { event, answer: undefined }
    section.places.add(place)
    return (answer) => {
      place.answer = answer
      section.answered.push(place)
    }
  }

  /** Adds a mark: a watermark in epoch ms, or another. */
  mark(mark: Mark): void {
    const { marks } = this.#tail
    // Of watermarks with nothing between them the last says it all; so there are no more than events.
    if (typeof mark === 'number' && typeof marks.at(-1) === 'number') marks.pop()
    marks.push(mark)
  }

  /** The events whose answer has not left, and the marks, in order. */
  *waiting(): Generator<E | Mark, void> {
    for (let section: Section<A, E> | undefined = this.#head; section !== undefined; section = section.next) {
      for (const { event } of section.places) yield event
      yield* section.marks
    }
  }

  /** Takes what is to leave next; undefined if that is not there, or nothing is. */
  take(): A | Mark | undefined {
    for (;;) {
      const { places, answered, marks, next } = this.#head
      const place = answered.shift()
      if (place !== undefined) {
        places.delete(place)
        return place.answer
      }
      if (places.size > 0) return undefined
      if (marks.length > 0 || next === undefined) return marks.shift()
      this.#head = next
    }
  }
}

function newSection<A, E>(): Section<A, E> {
  return { places: new Set(), answered: [], marks: [], next: undefined }
}
