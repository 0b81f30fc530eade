import { event, type Event } from '../element.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import type { Joined } from './joined.ts'

/** An event with the row of its key. Whether that may be missing depends on the kind of the join. */
export type WithRow<L, R, K> = Event<Joined<L, NonNullable<R> | undefined>, K, undefined>

/** Settings of a join with a table, and where the events go that come too late. */
export interface TableJoinSettings<L, R, K, P, Q> {
  /** Events without a row leave, too. */
  readonly isOuter: boolean
  readonly lateLeft: SideWriter<Event<L, K, P>> | undefined
  readonly lateRight: SideWriter<Event<R, K, Q>> | undefined
}

/** What becomes of the events of a join with a table: each is answered once, or late. */
export class TableAnswers<L, R, K, P, Q> {
  /** Events that have been answered, whether or not there was a row. */
  answered = 0
  private readonly context: OperatorContext<WithRow<L, R, K>>
  private readonly settings: TableJoinSettings<L, R, K, P, Q>

  constructor(settings: TableJoinSettings<L, R, K, P, Q>, context: OperatorContext<WithRow<L, R, K>>) {
    this.settings = settings
    this.context = context
  }

  /** Answers an event with what the table said last of its key. */
  answer({ value, time, key }: Event<L, K, P>, change: Event<R, K, Q> | undefined): void {
    const row = change?.value ?? undefined
    this.answered += 1
    if (row === undefined && !this.settings.isOuter) return
    this.context.emit(event({ left: value, right: row }, time, key))
  }

  lateLeft(cause: Event<L, K, P>): void {
    this.context.counters.late += 1
    this.settings.lateLeft?.write(cause)
  }

  lateRight(cause: Event<R, K, Q>): void {
    this.context.counters.late += 1
    this.settings.lateRight?.write(cause)
  }
}
