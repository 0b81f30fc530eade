import type { AnyEvent } from '../element.ts'
import { TimeQueue } from '../joins/time-queue.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'

/** Lets events wait until the watermark has passed them, and leave in the order of their times. */
export class OrderingMachine<E extends AnyEvent> implements Machine<E> {
  private readonly context: OperatorContext<E>
  private readonly late: SideWriter<E> | undefined
  private readonly waiting = new TimeQueue<E>()

  constructor(context: OperatorContext<E>, late: SideWriter<E> | undefined) {
    this.context = context
    this.late = late
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
