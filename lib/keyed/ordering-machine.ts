import type { SavedState } from '../checkpoint/saved-state.ts'
import type { AnyEvent } from '../element.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import { WaitingEvents } from './waiting-events.ts'

/** Lets events wait until the watermark has passed them, and leave in the order of their times. */
export class OrderingMachine<E extends AnyEvent> implements Machine<E> {
  private readonly context: OperatorContext<E>
  private readonly late: SideWriter<E> | undefined
  private readonly waiting: WaitingEvents<E>
  readonly saved: SavedState

  constructor(context: OperatorContext<E>, late: SideWriter<E> | undefined) {
    this.context = context
    this.late = late
    this.waiting = new WaitingEvents(context.dirty)
    this.saved = { version: 1, ...this.waiting.saved }
  }

  onEvent(cause: E): void {
    if (cause.time >= this.context.watermark) this.waiting.push(cause)
    else {
      this.context.counters.late += 1
      this.late?.write(cause)
    }
  }

  onWatermark(time: number): boolean {
    for (let next = this.waiting.takeBefore(time); next !== undefined; next = this.waiting.takeBefore(time)) {
      this.context.emit(next)
      if (!this.context.hasRoom()) return false
    }
    return true
  }

  held(): number {
    return this.waiting.size
  }

  entries(): number {
    return this.waiting.size
  }
}
