import { Sequence } from './sequence.ts'

/** Senders that are remembered, so that a flood of false ones does no harm. */
const mostSenders = 1_024

/** The sequences of those who send; of more than 1,024 the ones that were silent longest are given up. */
export class Sequences {
  readonly #lost: (sender: string, count: number) => void
  /** The one heard last at the end. */
  readonly #senders = new Map<string, Sequence>()

  /** @param lost is told of what did not come */
  constructor(lost: (sender: string, count: number) => void) {
    this.#lost = lost
  }

  see(sender: string, number: number): void {
    const sequence = this.#senders.get(sender) ?? new Sequence()
    this.#senders.delete(sender)
    this.#senders.set(sender, sequence)
    this.#tell(sender, sequence.see(number))
    if (this.#senders.size <= mostSenders) return
    const oldest = this.#senders.keys().next()
    if (oldest.done !== true) this.#give(oldest.value)
  }

  /** Nothing more will come. */
  end(): void {
    for (const sender of this.#senders.keys()) this.#give(sender)
  }

  #give(sender: string): void {
    const lost = this.#senders.get(sender)?.end() ?? 0
    this.#senders.delete(sender)
    this.#tell(sender, lost)
  }

  #tell(sender: string, count: number): void {
    if (count > 0) this.#lost(sender, count)
  }
}
