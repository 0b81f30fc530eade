import type { SavedCell } from '../checkpoint/changes.ts'
import type { AnyEvent } from '../element.ts'
import { HeldLine } from './held-line.ts'

/** An event that a join holds, because a partner of it may come. */
export class HeldEvent<E extends AnyEvent> implements SavedCell {
  readonly event: E
  /** What is held of its key. */
  readonly of: HeldKey<E>
  /** Order of arrival over both sides. */
  readonly number: number
  /** The watermark when it came, where that is asked for. */
  readonly since: number
  /** It is in a pair that has left. */
  isMatched = false
  /** It was taken back, or let go of. */
  isGone = false
  isChanged = false

  constructor(event: E, of: HeldKey<E>, number: number, since: number) {
    this.event = event
    this.of = of
    this.number = number
    this.since = since
  }
}

/** What a join holds of a key. Events know it, so that none has to be looked up to be let go of. */
export class HeldKey<E extends AnyEvent> {
  readonly left: HeldLine<HeldEvent<E>> = new HeldLine()
  readonly right: HeldLine<HeldEvent<E>> = new HeldLine()

  get isEmpty(): boolean {
    return this.left.size === 0 && this.right.size === 0
  }
}
