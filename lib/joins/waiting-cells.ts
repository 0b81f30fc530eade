import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import { KeyCells } from '../checkpoint/key-cells.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { event, type Event } from '../element.ts'

/**
 * What waits in a `TimeQueue` as checkpoints see it: a cell for each time, with its events in the order in which they came, which
 * is the order in which they leave.
 */
export class WaitingCells<T, K, P> {
  readonly part: SavedPart
  private readonly byTime = new Map<number, Event<T, K, P>[]>()
  private readonly cells: KeyCells<number>

  /**
   * @param push puts an event into the queue that has come back
   * @param dirty counts what changes
   */
  constructor(push: (event: Event<T, K, P>) => void, dirty: DirtyCells) {
    const { byTime } = this
    this.cells = new KeyCells(
      {
        keys: () => byTime.keys(),
        save: (time) => byTime.get(time)?.map(({ key, value }) => [key, value]),
        load(time, cell) {
          const saved = cell as readonly (readonly [K, T])[]
          // Nobody asks for the pane of what is answered.
          const events = saved.map(([key, value]) => event<T, K, P>(value, time, key))
          byTime.set(time, events)
          for (const each of events) push(each)
        },
      },
      dirty,
    )
    this.part = this.cells
  }

  came(event: Event<T, K, P>): void {
    const { time } = event
    const events = this.byTime.get(time)
    if (events === undefined) this.byTime.set(time, [event])
    else events.push(event)
    this.cells.note(time)
  }

  /** An event has left: the first of its time. */
  went({ time }: Event<T, K, P>): void {
    const events = this.byTime.get(time)
    if (events === undefined) return
    events.shift()
    if (events.length === 0) this.byTime.delete(time)
    this.cells.note(time)
  }
}
