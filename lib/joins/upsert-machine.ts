import { type Diff, event, type Event } from '../element.ts'
import { refuseRetraction } from '../panes/refuse-retraction.ts'
import { savedParts, savedValue } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { KeyStore } from '../running/key-store.ts'
import type { KeyState } from '../running/key-state.ts'
import { revise } from '../running/revise.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'

/** Settings of a table of upserts, validated. */
export interface UpsertSettings<T> {
  /** Whether a value that is neither `null` nor `undefined` deletes, too. */
  readonly isDelete: ((value: NonNullable<T>) => boolean) | undefined
  /** A change that is older than the last one of its key is late. */
  readonly ignoresOlder: boolean
  /** How long a row stays after its latest change, ms; `Number.MAX_VALUE` for all until the end of the input. */
  readonly keep: number
}

/** A row that is there from now on, or is not any more. */
type RowChange<T, K> = Event<NonNullable<T>, K, undefined, Diff>

interface RowState<T, K> extends KeyState<K> {
  row: RowChange<T, K>
}

/** Makes a changelog of upserts and deletes: knows the row of each key, and takes it back before it gives the next one. */
export class UpsertMachine<T, K, P> implements Machine<Event<T, K, P>> {
  private readonly settings: UpsertSettings<T>
  private readonly context: OperatorContext<RowChange<T, K>>
  private readonly late: SideWriter<Event<T, K, P>> | undefined
  readonly saved: SavedState
  private readonly rows: KeyStore<K, RowState<T, K>>
  /** When keys were deleted, so that nothing older brings a row back. What is older is late once the watermark has passed. */
  private readonly deleted: KeyStore<K, KeyState<K>>
  /** The latest delete that has been freed. */
  private forgotten = -Infinity
  private contributedEvents = 0

  constructor(
    settings: UpsertSettings<T>,
    context: OperatorContext<RowChange<T, K>>,
    late: SideWriter<Event<T, K, P>> | undefined,
  ) {
    this.settings = settings
    this.context = context
    this.late = late
    this.rows = new KeyStore(settings.keep, context.dirty)
    this.deleted = new KeyStore(0, context.dirty)
    this.saved = savedParts(1, {
      rows: this.rows.saved({
        save: ({ row: { value, time } }) => [value, time],
        load(key, saved, latest) {
          const [value, time] = saved as [NonNullable<T>, number]
          return {
            key,
            latest,
            row: event<NonNullable<T>, K, undefined, Diff>(value, time, key),
            number: 0,
            isChanged: false,
          }
        },
        // Else a row that expires is taken back when the watermark passes it.
        ...(settings.keep === Number.MAX_VALUE && { paging: {} }),
      }),
      deleted: this.deleted.saved({
        save: () => undefined,
        load: (key, _, latest) => ({ key, latest, number: 0, isChanged: false }),
      }),
      forgotten: savedValue(
        () => this.forgotten,
        (time: number) => (this.forgotten = time),
      ),
    })
  }

  onEvent(cause: Event<T, K, P>): void {
    if (cause.diff !== 1) refuseRetraction('what takes values back is a table already')
    const { key, value, time } = cause
    const { isDelete, ignoresOlder, keep } = this.settings
    const state = this.rows.get(key)
    const tombstone = ignoresOlder ? this.deleted.get(key) : undefined
    const known = ignoresOlder ? ((state ?? tombstone)?.latest ?? this.forgotten) : -Infinity
    if (time < known || time + keep < this.context.watermark) {
      this.context.counters.late += 1
      this.late?.write(cause)
      return
    }
    const deletes = value === null || value === undefined || isDelete?.(value) === true
    if (tombstone !== undefined) {
      this.deleted.remove(tombstone)
      this.contributedEvents += 1
    }
    if (!deletes) this.upsert(event<NonNullable<T>, K, undefined, Diff>(value, time, key), state)
    else {
      if (ignoresOlder) this.deleted.add({ key, latest: time, number: 0, isChanged: false })
      else this.contributedEvents += 1
      if (state !== undefined) this.delete(state)
    }
  }

  onWatermark(time: number): boolean {
    // What stands at the end of the input is the table.
    const onExpired = time === Infinity ? this.release : this.expire
    while (this.rows.expireOne(time, onExpired)) if (!this.context.hasRoom()) return false
    if (time === Infinity) this.contributedEvents += this.rows.expireCold()
    while (this.deleted.expireOne(time, this.forget)) if (!this.context.hasRoom()) return false
    return true
  }

  held(): number {
    return this.rows.size + this.deleted.size
  }

  entries(): number {
    return this.held()
  }

  contributed(): number {
    return this.contributedEvents
  }

  private upsert(row: RowChange<T, K>, state: RowState<T, K> | undefined): void {
    if (state === undefined) {
      this.rows.add({ key: row.key, latest: row.time, row, number: 0, isChanged: false })
      revise(this.context, undefined, row)
      return
    }
    const before = state.row
    // Complete before anything leaves, which may come back as an event.
    state.row = row
    state.latest = Math.max(state.latest, row.time)
    this.rows.touch(state)
    this.contributedEvents += 1
    revise(this.context, before, row)
  }

  private delete(state: RowState<T, K>): void {
    this.rows.remove(state)
    this.contributedEvents += 1
    revise(this.context, state.row, undefined)
  }

  private readonly expire = (state: RowState<T, K>): void => {
    this.contributedEvents += 1
    revise(this.context, state.row, undefined)
  }

  private readonly release = (): void => {
    this.contributedEvents += 1
  }

  private readonly forget = ({ latest }: KeyState<K>): void => {
    this.contributedEvents += 1
    this.forgotten = Math.max(this.forgotten, latest)
  }
}
