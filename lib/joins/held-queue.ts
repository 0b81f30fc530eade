import TinyQueue from 'tinyqueue'
import type { AnyEvent } from '../element.ts'
import type { HeldEvent } from './held-event.ts'
import { HeldLine } from './held-line.ts'

/** How many events that are gone may wait beside those that are there. */
const slack = 64

/**
 * The events of all keys in the order of their times, those of equal times in the order of arrival. What comes in order waits
 * in a line; only what does not costs a heap its logarithm.
 */
export class HeldQueue<E extends AnyEvent> {
  /** No event here is earlier; `Infinity` when there is none. */
  earliest: number = Infinity
  private inOrder = new HeldLine<HeldEvent<E>>()
  private behind = new TinyQueue<HeldEvent<E>>([], compare)
  private gone = 0

  /** The first event, which may be gone. */
  get first(): HeldEvent<E> | undefined {
    return this.isInOrder ? this.inOrder.first : this.behind.peek()
  }

  push(held: HeldEvent<E>): void {
    const { time } = held.event
    if (time < this.earliest) this.earliest = time
    if (this.inOrder.latest <= time) this.inOrder.add(held)
    else this.behind.push(held)
  }

  /** Removes the first event, and returns it unless it is gone. */
  shift(): HeldEvent<E> | undefined {
    const { first } = this
    if (first === undefined) return undefined
    if (first === this.inOrder.first) this.inOrder.shift()
    else this.behind.pop()
    this.look()
    if (!first.isGone) return first
    this.gone -= 1
    return undefined
  }

  /** Lets go of one that is gone, now or when its turn comes: `left` are still there. */
  drop(held: HeldEvent<E>, left: number): void {
    held.isGone = true
    this.gone += 1
    if (this.gone <= left + slack) return
    const { inOrder, behind } = this
    this.inOrder = new HeldLine()
    for (let each = inOrder.first; each !== undefined; each = inOrder.first) {
      inOrder.shift()
      if (!each.isGone) this.inOrder.add(each)
    }
    this.behind = new TinyQueue(
      behind.data.filter(({ isGone }) => !isGone),
      compare,
    )
    this.gone = 0
    this.look()
  }

  /** The first event is the first of the line, and not of the heap. */
  private get isInOrder(): boolean {
    const one = this.inOrder
    const other = this.behind.peek()
    if (other === undefined || one.earliest < other.event.time) return true
    return one.earliest === other.event.time && (one.first?.number ?? Infinity) < other.number
  }

  private look(): void {
    this.earliest = Math.min(this.inOrder.earliest, this.behind.peek()?.event.time ?? Infinity)
  }
}

function compare<E extends AnyEvent>(a: HeldEvent<E>, b: HeldEvent<E>): number {
  return a.event.time - b.event.time || a.number - b.number
}
