import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Event } from '../element.ts'
import { refuseRetraction } from '../panes/refuse-retraction.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { TableAnswers, type TableJoinSettings, type WithRow } from './table-answers.ts'
import { TimeQueue } from './time-queue.ts'
import { VersionTable } from './version-table.ts'
import { WaitingCells } from './waiting-cells.ts'

/**
 * Joins events with the row that their key had at their own time, when the watermark has passed that. Events leave in the order
 * of their times, those of one time in the order in which they came.
 */
export class VersionedJoin<L, R, K, P, Q> implements Machine<Event<L, K, P> | Event<R, K, Q>> {
  private readonly context: OperatorContext<WithRow<L, R, K>>
  private readonly answers: TableAnswers<L, R, K, P, Q>
  readonly saved: SavedState | undefined
  private readonly table: VersionTable<Event<R, K, Q>>
  private readonly waiting = new TimeQueue<Event<L, K, P>>()
  /** Unless no checkpoints are taken. */
  private readonly cells: WaitingCells<L, K, P> | undefined

  constructor(settings: TableJoinSettings<L, R, K, P, Q>, context: OperatorContext<WithRow<L, R, K>>) {
    this.context = context
    this.answers = new TableAnswers(settings, context)
    this.table = new VersionTable(context.dirty)
    this.cells = context.dirty && new WaitingCells((event) => this.waiting.push(event), context.dirty)
    this.saved = this.cells && savedParts(1, { ...this.table.saved(), waiting: this.cells.part })
  }

  onEvent(cause: Event<L, K, P> | Event<R, K, Q>, input: number): void {
    if (cause.diff !== 1) refuseRetraction('a row is deleted by a value that is null or undefined')
    if (input === 0) this.onLeft(cause as Event<L, K, P>)
    else this.onRight(cause as Event<R, K, Q>)
  }

  onWatermark(time: number): boolean {
    const { waiting, cells, answers, table, context } = this
    for (let next = waiting.takeBefore(time); next !== undefined; next = waiting.takeBefore(time)) {
      cells?.went(next)
      answers.answer(next, table.at(next.key, next.time))
      if (!context.hasRoom()) return false
    }
    if (time === Infinity) table.close()
    while (table.freeOne(time)) if (!context.hasRoom()) return false
    return true
  }

  held(): number {
    return this.waiting.size + this.table.size
  }

  entries(): number {
    return this.waiting.size + this.table.size
  }

  contributed(): number {
    return this.answers.answered + this.table.freed
  }

  private onLeft(cause: Event<L, K, P>): void {
    // Everything from the watermark on is known.
    if (cause.time < this.context.watermark && !this.table.knows(cause.key, cause.time)) {
      this.answers.lateLeft(cause)
      return
    }
    this.waiting.push(cause)
    this.cells?.came(cause)
  }

  private onRight(cause: Event<R, K, Q>): void {
    if (this.table.knows(cause.key, cause.time)) this.table.add(cause)
    else this.answers.lateRight(cause)
  }
}
