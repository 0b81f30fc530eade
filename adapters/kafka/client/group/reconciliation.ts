import type { TopicPartition } from '../../driver.ts'
import type { GroupContext } from './group-protocol.ts'
import type { ConsumerAnswer } from './group-requests.ts'
import type { Holdings } from './holdings.ts'
import { without } from './partitions.ts'
import type { Session } from './session.ts'

type Assignment = NonNullable<ConsumerAnswer['assignment']>

/**
 * Makes what a member has what the coordinator wants it to have, by the last that was heard: gives up first, and takes up when that is done. Goes
 * on beside the heartbeats.
 */
export class Reconciliation {
  readonly #session: Session
  readonly #holdings: Holdings
  readonly #context: GroupContext
  readonly #onChange: () => void
  readonly #names = new Map<string, string>()
  #wanted: Assignment = []
  #isAtWork = false
  /** The last news has not been carried out yet. */
  #isOpen = false

  /** @param onChange something was given up or taken up, or nothing was left to be */
  constructor(session: Session, holdings: Holdings, context: GroupContext, onChange: () => void) {
    this.#session = session
    this.#holdings = holdings
    this.#context = context
    this.#onChange = onChange
  }

  /**
   * Takes what the coordinator has said, and says whether that is news. To be called at each heartbeat: a topic that is new to the cluster may have
   * no name for a while.
   */
  strive(wanted: Assignment | undefined): boolean {
    const isNews = wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(this.#wanted)
    if (isNews) {
      this.#wanted = wanted
      this.#isOpen = true
    }
    if (!this.#isAtWork) this.#work().catch((error: unknown) => this.#session.end(error))
    return isNews
  }

  async #work(): Promise<void> {
    this.#isAtWork = true
    try {
      for (;;) {
        const wanted = this.#wanted
        const target = await this.#session.within(this.#named(wanted))
        if (wanted !== this.#wanted) continue
        const { owned } = this.#holdings
        const leaving = without(owned, target)
        if (leaving.length === 0) {
          this.#takeUp(without(target, owned))
          return
        }
        await this.#session.within(this.#holdings.revoke(leaving, this.#session))
        this.#onChange()
      }
    } finally {
      this.#isAtWork = false
    }
  }

  #takeUp(partitions: readonly TopicPartition[]): void {
    if (partitions.length > 0)
      this.#holdings.assign(partitions, this.#session).catch((error: unknown) => this.#session.end(error))
    if (partitions.length > 0 || this.#isOpen) this.#onChange()
    this.#isOpen = false
  }

  async #named(assignment: Assignment): Promise<readonly TopicPartition[]> {
    if (assignment.some(({ topicId }) => !this.#names.has(topicId))) {
      // What can't be looked up now is looked up at the next heartbeat.
      const found = await this.#context.requests.topics(this.#context.options.topics).catch(() => [])
      for (const { id, name } of found) this.#names.set(id, name)
    }
    return assignment.flatMap(({ topicId, partitions }) => {
      const topic = this.#names.get(topicId)
      return topic === undefined ? [] : partitions.map((partition) => ({ topic, partition }))
    })
  }
}
