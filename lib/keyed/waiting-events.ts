import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import { type KeyedCell, SavedMap } from '../checkpoint/saved-map.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { type AnyEvent, type Diff, event as eventOf } from '../element.ts'
import { TimeQueue } from '../joins/time-queue.ts'

/** An event that waits. */
interface WaitingCell<E> extends KeyedCell<number> {
  readonly event: E
  readonly time: number
}

/** Value, time, key, diff and pane. */
type SavedEvent = readonly [unknown, number, unknown, Diff, unknown]

/** Events that wait until the watermark has passed them, in the order of their times, as checkpoints see them. */
export class WaitingEvents<E extends AnyEvent> {
  /** By numbers in the order of arrival. */
  readonly saved: SavedPart
  readonly #events = new TimeQueue<E>()
  readonly #cells: SavedMap<number, WaitingCell<E>> | undefined
  /** The cells in the order of the events, so that each leaves with its event; only where checkpoints are taken. */
  readonly #inOrder = new TimeQueue<WaitingCell<E>>()
  #numbers = 0

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(dirty: DirtyCells | undefined) {
    const cells = new SavedMap<number, WaitingCell<E>>(dirty)
    this.#cells = dirty ? cells : undefined
    this.saved = {
      ...cells.saved({
        save: ({ event: { value, time, key, diff, pane } }): SavedEvent => [value, time, key, diff, pane],
        load(number, saved) {
          const [value, time, key, diff, pane] = saved as SavedEvent
          const event = eventOf<unknown, unknown, unknown, Diff>(value, time, key, diff, pane) as E
          return { key: number, event, time, isChanged: false }
        },
      }),
      loaded: () => {
        for (const cell of [...cells.values()].sort((a, b) => a.key - b.key)) {
          this.#events.push(cell.event)
          this.#inOrder.push(cell)
          this.#numbers = cell.key + 1
        }
      },
    }
  }

  get size(): number {
    return this.#events.size
  }

  /** The time of the first event; `Infinity` when there is none. */
  get firstTime(): number {
    return this.#events.firstTime
  }

  push(event: E): void {
    this.#events.push(event)
    if (this.#cells === undefined) return
    const cell = { key: this.#numbers++, event, time: event.time, isChanged: false }
    this.#cells.add(cell)
    this.#inOrder.push(cell)
  }

  /** Removes and returns the first event, if it lies before `time`. */
  takeBefore(time: number): E | undefined {
    const event = this.#events.takeBefore(time)
    if (event === undefined || this.#cells === undefined) return event
    const cell = this.#inOrder.takeBefore(time)
    if (cell !== undefined) this.#cells.remove(cell)
    return event
  }
}
