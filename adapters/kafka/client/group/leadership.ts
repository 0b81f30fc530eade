import type { TopicPartition } from '../../driver.ts'
import { assignEvenly } from './assign-evenly.ts'
import { assignStickily } from './assign-stickily.ts'
import { type Assignment, encodeAssignment } from './assignment.ts'
import type { Assignor, Claimant } from './claimant.ts'
import type { GroupContext } from './group-protocol.ts'
import type { Joined, SyncRequest } from './group-requests.ts'
import type { Patience } from './patience.ts'
import type { Session } from './session.ts'
import { decodeSubscription } from './subscription.ts'
import type { Wish } from './wish.ts'

/** ms. How soon new partitions are seen. */
const lookInterval = 30_000

/** What the leader of a group of the classic protocol does beside being a member. */
export class Leadership {
  readonly #context: GroupContext
  readonly #assignor: Assignor
  readonly #patience: Patience
  /** How many partitions have been given out, by topic; undefined while another one leads. */
  #given: ReadonlyMap<string, number> | undefined

  constructor(context: GroupContext, isEager: boolean, patience: Patience) {
    this.#context = context
    this.#assignor = isEager ? assignEvenly : assignStickily
    this.#patience = patience
  }

  /** Says who gets what; nothing where another one leads. */
  async assignmentsOf(joined: Joined, session: Session): Promise<SyncRequest['assignments']> {
    this.#given = undefined
    if (joined.leader !== joined.memberId) return []
    const members = claimantsOf(joined)
    const topics = [...new Set([...this.#context.options.topics, ...members.flatMap((member) => member.topics)])]
    const counts = await this.#patience.through('topics', session, async () => await this.#look(topics))
    this.#given = counts
    if (joined.skipAssignment) return []
    const shares = this.#assignor(members, counts, this.#context.options.keepsTogether)
    const given = numbersOf(topics, [...shares.values()].flat())
    this.#given = given
    return members.map(({ memberId }) => ({
      memberId,
      assignment: encodeAssignment(shares.get(memberId) ?? none, given),
    }))
  }

  /** What was given out before a restart, by what the leader said then. */
  recall({ given }: Assignment): void {
    if (this.#given !== undefined) this.#given = given ?? this.#given
  }

  /**
   * Wants another rebalance when there are other partitions than were given out: because topics have grown, or because somebody has not come back
   * to say that it has given up what is to move.
   */
  async watchTopics(session: Session, rejoin: Wish): Promise<never> {
    for (;;) {
      await session.sleep(lookInterval)
      const before = this.#given
      if (before === undefined) continue
      // What can't be seen now is seen the next time.
      const now = await session.within(this.#look([...before.keys()]).catch(() => before))
      const isChanged = [...before].some(([topic, count]) => now.get(topic) !== count)
      if (isChanged && this.#given === before) rejoin.make()
    }
  }

  /** Topics that are not there have no partitions by now. */
  async #look(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.#context.requests.topics(topics)
    return new Map([
      ...topics.map((name) => [name, 0] as const),
      ...found.map(({ name, count }) => [name, count] as const),
    ])
  }
}

/** How many there are of each topic. */
function numbersOf(topics: readonly string[], partitions: readonly TopicPartition[]): ReadonlyMap<string, number> {
  const numbers = new Map(topics.map((topic) => [topic, 0]))
  for (const { topic } of partitions) numbers.set(topic, (numbers.get(topic) ?? 0) + 1)
  return numbers
}

const none: readonly TopicPartition[] = []

/** A leader that has come back from a restart may be told of no members: then nothing is to be given out. */
function claimantsOf({ members }: Joined): readonly Claimant[] {
  return members.map(({ memberId, instanceId, subscription }) => ({
    memberId,
    instanceId,
    ...decodeSubscription(subscription),
  }))
}
