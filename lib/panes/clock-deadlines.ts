import type { OperatorContext } from '../wiring/machine.ts'
import type { AnyEvent } from '../element.ts'
import type { Pane } from './pane.ts'

/** Panes that wait for the clock. Those of one instant share a timer and are asked in the order in which they began to wait. */
export class ClockDeadlines<P extends Pane<unknown, unknown, unknown>> {
  readonly #context: OperatorContext<AnyEvent>
  readonly #ask: (pane: P) => void
  readonly #waiting = new Map<number, P[]>()

  /** @param ask called for each pane whose deadline has come */
  constructor(context: OperatorContext<AnyEvent>, ask: (pane: P) => void) {
    this.#context = context
    this.#ask = ask
  }

  /** Waits until the deadline of a pane, one that has a trigger. A pane that waits for another instant by then is not asked. */
  add(pane: P): void {
    const deadline = pane.waiting?.deadline ?? Infinity
    const waiting = this.#waiting.get(deadline)
    if (waiting !== undefined) {
      waiting.push(pane)
      return
    }
    const panes = [pane]
    this.#waiting.set(deadline, panes)
    let next = 0
    this.#context.setTimer(deadline, () => {
      // Who asks to wait for the same instant again, because the clock was set back, gets a timer of its own.
      if (this.#waiting.get(deadline) === panes) this.#waiting.delete(deadline)
      while (next < panes.length) {
        const due = panes[next++] as P
        const { waiting, isOver } = due
        if (isOver || waiting?.deadline !== deadline) continue
        waiting.deadline = Infinity
        this.#ask(due)
        if (!this.#context.hasRoom()) return false
      }
      return true
    })
  }
}
