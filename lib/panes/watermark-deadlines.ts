import TinyQueue from 'tinyqueue'
import type { Pane } from './pane.ts'

interface Waiting<P> {
  readonly pane: P
  readonly at: number
  /** Order in which panes began to wait: breaks ties. */
  readonly turn: number
}

/** Panes that wait for the watermark, before it completes their windows. */
export class WatermarkDeadlines<P extends Pane<unknown, unknown, unknown>> {
  readonly #queue = new TinyQueue<Waiting<P>>([], (a, b) => a.at - b.at || a.turn - b.turn)
  #turns = 0

  /** The watermark at which the next one may be due. */
  get due(): number {
    return this.#queue.peek()?.at ?? Infinity
  }

  /** Waits until the watermark that a pane, one that has a trigger, waits for. It that waits for another watermark by then is not asked. */
  add(pane: P): void {
    const turn = this.#turns++
    if (pane.waiting !== undefined) pane.waiting.watermarkTurn = turn
    this.#queue.push({ pane, at: pane.waiting?.watermarkDeadline ?? Infinity, turn })
  }

  /** Lets some panes wait on, as they did before a job was recovered. */
  restore(panes: readonly P[]): void {
    for (const pane of panes) {
      const { watermarkDeadline: at, watermarkTurn: turn } = pane.waiting ?? {
        watermarkDeadline: Infinity,
        watermarkTurn: -1,
      }
      if (at === Infinity || turn < 0) continue
      this.#turns = Math.max(this.#turns, turn + 1)
      this.#queue.push({ pane, at, turn })
    }
  }

  /** Removes and returns the next pane that a watermark has come for, and that has not come to its end. */
  take(watermark: number): P | undefined {
    for (let next = this.#queue.peek(); next !== undefined && next.at <= watermark; next = this.#queue.peek()) {
      this.#queue.pop()
      const { pane, at, turn } = next
      const { waiting, isOver, window } = pane
      if (isOver || waiting?.watermarkDeadline !== at || waiting.watermarkTurn !== turn || window.end <= watermark)
        continue
      waiting.watermarkDeadline = Infinity
      return pane
    }
    return undefined
  }
}
