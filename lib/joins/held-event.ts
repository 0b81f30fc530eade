import type { AnyEvent } from '../element.ts'
import type { HeldKey } from './held-key.ts'

/** An event that a join holds, because a partner of it may come. */
export class HeldEvent<E extends AnyEvent> {
  readonly event: E
  /** What is held of its key. */
  readonly of: HeldKey<E>
  /** Order of arrival over both sides. */
  readonly number: number
  /** The watermark when it came, where that is asked for. */
  readonly since: number
  /** It is in a pair that has left. */
  isMatched = false
  /** It was taken back. */
  isGone = false

  constructor(event: E, of: HeldKey<E>, number: number, since: number) {
    this.event = event
    this.of = of
    this.number = number
    this.since = since
  }
}
