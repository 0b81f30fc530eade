import type { OperatorContext } from '../wiring/machine.ts'
import type { AnyEvent } from '../element.ts'
import type { Pane } from './pane.ts'

interface Waiting<P> {
  readonly pane: P
  readonly turn: number
}

/** Panes that wait for the clock. Those of one instant share a timer and are asked in the order in which they began to wait. */
export class ClockDeadlines<P extends Pane<unknown, unknown, unknown>> {
  readonly #context: OperatorContext<AnyEvent>
  readonly #ask: (pane: P) => void
  readonly #waiting = new Map<number, Waiting<P>[]>()
  #turns = 0

  /** @param ask called for each pane whose deadline has come */
  constructor(context: OperatorContext<AnyEvent>, ask: (pane: P) => void) {
    this.#context = context
    this.#ask = ask
  }

  /** Waits until the deadline of a pane, one that has a trigger. A pane that waits for another instant by then is not asked. */
  add(pane: P): void {
    const turn = this.#turns++
    if (pane.waiting !== undefined) pane.waiting.turn = turn
    this.#put(pane, turn)
  }

  /** Lets some panes wait on, as they did before a job was recovered. */
  restore(panes: readonly P[]): void {
    const turnOf = ({ waiting }: P): number =>
      waiting === undefined || waiting.deadline === Infinity ? -1 : waiting.turn
    for (const pane of panes.filter((each) => turnOf(each) >= 0).sort((a, b) => turnOf(a) - turnOf(b))) {
      this.#turns = turnOf(pane) + 1
      this.#put(pane, turnOf(pane))
    }
  }

  #put(added: P, turn: number): void {
    const deadline = added.waiting?.deadline ?? Infinity
    const waiting = this.#waiting.get(deadline)
    if (waiting !== undefined) {
      waiting.push({ pane: added, turn })
      return
    }
    const panes = [{ pane: added, turn }]
    this.#waiting.set(deadline, panes)
    let next = 0
    this.#context.setTimer(deadline, () => {
      // Who asks to wait for the same instant again, because the clock was set back, gets a timer of its own.
      if (this.#waiting.get(deadline) === panes) this.#waiting.delete(deadline)
      while (next < panes.length) {
        const { pane, turn } = panes[next++] as Waiting<P>
        const { waiting, isOver } = pane
        if (isOver || waiting?.deadline !== deadline || waiting.turn !== turn) continue
        waiting.deadline = Infinity
        this.#ask(pane)
        if (!this.#context.hasRoom()) return false
      }
      return true
    })
  }
}
