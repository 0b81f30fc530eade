import type { MemberListener, TopicPartition } from '../../driver.ts'
import { nameOf, without } from './partitions.ts'
import type { Session } from './session.ts'

type Call = 'assigned' | 'revoked' | 'lost'

/**
 * What the member has, and the calls of its listener: one after the other, in the order they came up, none of a session that is over but `lost`, and
 * none after `close`.
 */
export class Holdings {
  readonly #listener: MemberListener
  /** What the member answers for: told to the listener, or about to be. */
  readonly #owned = new Map<string, TopicPartition>()
  /** What the listener has been told of. */
  readonly #told = new Map<string, TopicPartition>()
  #last: Promise<void> = Promise.resolve()
  #isRetiring = false
  #isClosed = false
  /** How often they have changed. */
  changes = 0

  constructor(listener: MemberListener) {
    this.#listener = listener
  }

  get owned(): readonly TopicPartition[] {
    return [...this.#owned.values()]
  }

  /** Takes partitions up. They count as owned at once: the group has given them to this member, whether it knows it yet or not. */
  assign(partitions: readonly TopicPartition[], session: Session): Promise<void> {
    if (this.#isRetiring) return Promise.resolve()
    for (const partition of partitions) this.#owned.set(nameOf(partition), partition)
    return this.#next(async () => {
      if (session.isOver) return
      for (const partition of partitions) this.#told.set(nameOf(partition), partition)
      await this.#tell('assigned', partitions)
    })
  }

  /** Gives partitions up. They count as owned until the listener is done with them. */
  revoke(partitions: readonly TopicPartition[], session: Session): Promise<void> {
    return this.#next(async () => {
      if (session.isOver) return
      const left = without(partitions, without(partitions, this.owned))
      await this.#tell('revoked', left)
      for (const partition of left) this.#forget(partition)
    })
  }

  /** All has gone already. */
  lose(): Promise<void> {
    return this.#next(async () => {
      const lost = [...this.#told.values()]
      this.#owned.clear()
      this.#told.clear()
      await this.#tell('lost', lost)
    })
  }

  /** The member is about to leave: it takes nothing up any more. */
  retire(): void {
    this.#isRetiring = true
  }

  /** Resolves when the listener is done; it is not called again. */
  close(): Promise<void> {
    return this.#next(() => {
      this.#isClosed = true
    })
  }

  /** Tells that it is over for good, and closes. */
  fail(error: unknown): Promise<void> {
    return this.#next(() => {
      if (!this.#isClosed) this.#listener.failed(error)
      this.#isClosed = true
    })
  }

  async #tell(call: Call, partitions: readonly TopicPartition[]): Promise<void> {
    if (this.#isClosed || partitions.length === 0) return
    this.changes++
    await this.#listener[call](partitions)
  }

  #forget(partition: TopicPartition): void {
    this.#owned.delete(nameOf(partition))
    this.#told.delete(nameOf(partition))
  }

  /** A call that fails is the business of whoever has asked for it. */
  #next(call: () => void | Promise<void>): Promise<void> {
    const done = this.#last.then(call)
    this.#last = done.catch(() => {})
    return done
  }
}
