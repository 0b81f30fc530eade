import type { Counters } from '../counters.ts'
import type { SideWriter } from '../wiring/side-output.ts'

/** Where the events go that no window takes. */
export interface WindowOutputs<E> {
  /** Too late for all of its windows. */
  readonly late: SideWriter<E> | undefined
  /** Not too late for all, but the triggers of the others were finished. */
  readonly closed: SideWriter<E> | undefined
}

/** What becomes of the events that come to a window: each is counted once, and none is lost without a trace. */
export class WindowLedger<E> {
  /** Events in windows that are open. */
  held = 0
  /** Events in windows that are gone. */
  contributed = 0
  readonly #counters: Counters
  readonly #outputs: WindowOutputs<E>

  constructor(counters: Counters, outputs: WindowOutputs<E>) {
    this.#counters = counters
    this.#outputs = outputs
  }

  /**
   * Windows have taken an event.
   *
   * @param drops others of its windows, which have not
   */
  take(drops: number): void {
    this.held += 1
    this.#counters.windowDrops += drops
  }

  /** The last window of some events is gone. */
  free(events: number): void {
    this.held -= events
    this.contributed += events
  }

  /** Every window of an event has expired. */
  late(event: E): void {
    this.#counters.late += 1
    this.#outputs.late?.write(event)
  }

  /** The trigger of every window of an event that is open has finished. */
  closed(event: E): void {
    this.#counters.closed += 1
    this.#outputs.closed?.write(event)
  }

  /** An event is in a gap between windows. */
  noWindow(): void {
    this.#counters.noWindow += 1
  }
}
