import { KeyCells } from '../checkpoint/key-cells.ts'
import { savedParts } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { event, type Event } from '../element.ts'
import { refuseRetraction } from '../panes/refuse-retraction.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import { isDelete } from './history.ts'
import { TableAnswers, type TableJoinSettings, type WithRow } from './table-answers.ts'

/** Joins events with the row that came last for their key, at once and whatever its time. */
export class LatestJoin<L, R, K, P, Q> implements Machine<Event<L, K, P> | Event<R, K, Q>> {
  private readonly context: OperatorContext<WithRow<L, R, K>>
  private readonly answers: TableAnswers<L, R, K, P, Q>
  readonly saved: SavedState
  private readonly rows = new Map<K, Event<R, K, Q>>()
  private readonly cells: KeyCells<K>
  /** Changes that are gone. */
  private freed = 0

  constructor(settings: TableJoinSettings<L, R, K, P, Q>, context: OperatorContext<WithRow<L, R, K>>) {
    this.context = context
    this.answers = new TableAnswers(settings, context)
    const { rows } = this
    this.cells = new KeyCells(
      {
        keys: () => rows.keys(),
        save(key) {
          const row = rows.get(key)
          return row && [row.value, row.time]
        },
        load(key, cell) {
          const [value, time] = cell as readonly [R, number]
          // Nobody asks for the pane of a row.
          rows.set(key, event<R, K, Q>(value, time, key))
        },
      },
      context.dirty,
    )
    this.saved = savedParts(1, { rows: this.cells })
  }

  onEvent(cause: Event<L, K, P> | Event<R, K, Q>, input: number): void {
    if (cause.diff !== 1) refuseRetraction('a row is deleted by a value that is null or undefined')
    if (input === 0) this.onLeft(cause as Event<L, K, P>)
    else this.onRight(cause as Event<R, K, Q>)
  }

  onWatermark(time: number): boolean {
    if (time < Infinity) return true
    this.freed += this.rows.size
    this.cells.noteAll()
    this.rows.clear()
    return true
  }

  held(): number {
    return this.rows.size
  }

  entries(): number {
    return this.rows.size
  }

  contributed(): number {
    return this.answers.answered + this.freed
  }

  private onLeft(cause: Event<L, K, P>): void {
    // The end of the input has freed the table.
    if (this.context.watermark === Infinity) this.answers.lateLeft(cause)
    else this.answers.answer(cause, this.rows.get(cause.key))
  }

  private onRight(cause: Event<R, K, Q>): void {
    if (this.context.watermark === Infinity) {
      this.answers.lateRight(cause)
      return
    }
    const { key } = cause
    this.cells.note(key)
    if (this.rows.has(key)) this.freed += 1
    if (isDelete(cause)) {
      this.rows.delete(key)
      this.freed += 1
    } else this.rows.set(key, cause)
  }
}
