import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Diff, Event } from '../element.ts'
import { refuseRetraction } from '../panes/refuse-retraction.ts'
import type { Window, WindowAssigner } from '../window.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { Combination } from './combination.ts'
import { JoinLedger, type LateOutputs } from './join-ledger.ts'
import { PaneRows, type Row } from './pane-rows.ts'
import type { Sides } from './sides.ts'

/** What joins in windows have in common, however the windows are kept. */
export abstract class JoinInWindows<
  L,
  R,
  K,
  P,
  Q,
  O,
  A extends WindowAssigner<L | R> = WindowAssigner<L | R>,
> implements Machine<Event<L, K, P, Diff> | Event<R, K, Q, Diff>> {
  abstract readonly saved: SavedState
  protected readonly context: OperatorContext<Row<O, K>>
  protected readonly assigner: A
  protected readonly ledger: JoinLedger<Event<L, K, P, Diff>, Event<R, K, Q, Diff>>
  protected readonly rows: PaneRows<L, R, K, O>
  private readonly rightLimit: number

  constructor(
    assigner: A,
    combination: Combination<L, R, O>,
    context: OperatorContext<Row<O, K>>,
    late: LateOutputs<Event<L, K, P, Diff>, Event<R, K, Q, Diff>>,
  ) {
    this.context = context
    this.assigner = assigner
    this.rightLimit = combination.rightLimit
    this.ledger = new JoinLedger(context.counters, late)
    this.rows = new PaneRows(context, combination)
  }

  /** Lets the rows of the windows leave that are complete. */
  abstract onWatermark(time: number): boolean

  /** Windows and keys with events. */
  abstract entries(): number

  onEvent(event: Event<L, K, P, Diff> | Event<R, K, Q, Diff>, input: number): void {
    if (event.diff === -1) refuseRetraction('a window that is joined gives its rows once')
    this.put(event, this.assigner.assign(event.time, event.value), input)
  }

  held(): number {
    return this.ledger.held
  }

  contributed(): number {
    return this.ledger.contributed
  }

  /** Puts an event into its windows. */
  protected abstract put(
    event: Event<L, K, P, Diff> | Event<R, K, Q, Diff>,
    windows: readonly Window[],
    input: number,
  ): void

  /** Whether one more value of a side makes a difference. */
  protected isWanted({ right }: Sides<L, R, K>, input: number): boolean {
    return input === 0 || right.length < this.rightLimit
  }
}
