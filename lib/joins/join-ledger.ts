import type { Counters } from '../counters.ts'
import { WindowLedger } from '../panes/window-ledger.ts'
import type { SideWriter } from '../wiring/side-output.ts'

/** Where the late events of each side go. */
export interface LateOutputs<A, B> {
  readonly left: SideWriter<A> | undefined
  readonly right: SideWriter<B> | undefined
}

/** The ledger of windows that two streams share. */
export class JoinLedger<A, B> extends WindowLedger<A | B> {
  readonly #late: LateOutputs<A, B>

  constructor(counters: Counters, late: LateOutputs<A, B>) {
    super(counters, { late: undefined, closed: undefined })
    this.#late = late
  }

  /** Every window of an event has expired; `input` says of which side it is, 0 for the left one. */
  lateOf(event: A | B, input: number): void {
    this.late(event)
    if (input === 0) this.#late.left?.write(event as A)
    else this.#late.right?.write(event as B)
  }
}
