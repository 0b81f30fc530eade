import { event, type Event } from '../element.ts'
import type { PaneInfo, Window } from '../window.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import type { Combination } from './combination.ts'
import type { Sides } from './sides.ts'

/** What leaves windows that two streams share. */
export type Row<O, K> = Event<O, K, PaneInfo>

/** Lets the rows of a window and key leave, one window after the other, in as many turns as it takes. */
export class PaneRows<L, R, K, O> {
  private readonly context: OperatorContext<Row<O, K>>
  private readonly combination: Combination<L, R, O>
  /** Undefined when all its rows have left. */
  private sides: Sides<L, R, K> | undefined
  /** The number of the row that is next. */
  private next = 0
  private count = 0
  private time = 0
  /** Of all rows of one window. */
  private info: PaneInfo | undefined

  constructor(context: OperatorContext<Row<O, K>>, combination: Combination<L, R, O>) {
    this.context = context
    this.combination = combination
  }

  /** Begins with a window that is complete. */
  begin(sides: Sides<L, R, K>, window: Window): void {
    this.sides = sides
    this.next = 0
    this.count = this.combination.rows(sides)
    this.time = sides.latest ?? window.end - 1
    if (this.info?.window === window) return
    this.info = { window, timing: 'on-time', index: 0, isFirst: true, isLast: true, nonSpeculativeIndex: 0 }
  }

  /** Goes on with it; false when the turn is over before all rows have left. */
  proceed(): boolean {
    const { context, combination, sides, info } = this
    if (sides === undefined || info === undefined) return true
    while (this.next < this.count) {
      context.emit(event(combination.row(sides, this.next++), this.time, sides.key, 1, info))
      if (!context.hasRoom()) return false
    }
    this.sides = undefined
    return true
  }
}
