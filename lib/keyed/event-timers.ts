import TinyQueue from 'tinyqueue'

/** A timer in event time, of one key. */
export interface EventTimer<S> {
  readonly time: number
  readonly name: string
  /** The key's state. */
  readonly state: S
  /** In the order in which they were set: breaks ties. */
  readonly number: number
  /** Has fired, or was called off. */
  isOver: boolean
}

/** How many timers that were called off may wait beside those that were not. */
const slack = 64

/** The event-time timers of all keys, in the order of their times, those of one time in the order in which they were set. */
export class EventTimers<S> {
  private queue = new TinyQueue<EventTimer<S>>([], inOrder)
  private numbers = 0
  private cancelled = 0

  get size(): number {
    return this.queue.length - this.cancelled
  }

  /** The time of the first; `Infinity` when there is none. */
  get firstTime(): number {
    return this.first?.time ?? Infinity
  }

  set(time: number, name: string, state: S): EventTimer<S> {
    return this.restore(time, name, state, this.numbers)
  }

  /** Sets one that was set before, as the `number`th. */
  restore(time: number, name: string, state: S, number: number): EventTimer<S> {
    const timer = { time, name, state, number, isOver: false }
    this.numbers = Math.max(this.numbers, number + 1)
    this.queue.push(timer)
    return timer
  }

  cancel(timer: EventTimer<S>): void {
    timer.isOver = true
    this.cancelled += 1
    if (this.cancelled <= this.queue.length / 2 + slack) return
    this.queue = new TinyQueue(
      this.queue.data.filter(({ isOver }) => !isOver),
      inOrder,
    )
    this.cancelled = 0
  }

  /** Removes and returns the first, if `time` has reached it. */
  takeUntil(time: number): EventTimer<S> | undefined {
    const first = this.first
    if (first === undefined || first.time > time) return undefined
    this.queue.pop()
    first.isOver = true
    return first
  }

  private get first(): EventTimer<S> | undefined {
    let first = this.queue.peek()
    while (first?.isOver === true) {
      this.queue.pop()
      this.cancelled -= 1
      first = this.queue.peek()
    }
    return first
  }
}

function inOrder<S>(a: EventTimer<S>, b: EventTimer<S>): number {
  return a.time - b.time || a.number - b.number
}
