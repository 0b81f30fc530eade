import type { AnyEvent } from '../element.ts'
import { HeldLine } from './held-line.ts'

/** What a join holds of a key. Events know it, so that none has to be looked up to be let go of. */
export class HeldKey<E extends AnyEvent> {
  readonly left: HeldLine<E> = new HeldLine()
  readonly right: HeldLine<E> = new HeldLine()

  get isEmpty(): boolean {
    return this.left.size === 0 && this.right.size === 0
  }
}
