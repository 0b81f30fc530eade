import type { TopicPartition } from '../driver.ts'
import type { Cluster, Place } from './cluster.ts'
import { toClusterError } from './cluster-error.ts'
import type {
  ClassicMember,
  ConsumerAnswer,
  ConsumerHeartbeat,
  GroupRequests,
  GroupTopic,
  Joined,
  JoinRequest,
  SyncRequest,
} from './group/group-requests.ts'
import { byTopic } from './group/partitions.ts'
import type { MetadataAnswer } from './metadata.ts'

/** All members are consumers, for the tools that list groups; what they tell each other is in the consumers' notation. */
const protocolType = 'consumer'

/** ms beside what members may take to give up partitions. */
const joinMargin = 30_000

/** ms. Without an answer for so long another connection is tried. */
const heartbeatTimeout = 10_000

/** Asks the coordinator of a group, wherever it is, on connections that belong to one member. */
export class Coordinator implements GroupRequests {
  readonly #cluster: Cluster
  readonly #groupId: string
  readonly #rebalanceTimeout: number
  readonly #joining: string
  readonly #beating: string
  readonly #ids = new Map<string, string>()

  /**
   * @param rebalanceTimeout ms
   * @param member tells its connections from those of others
   */
  constructor(cluster: Cluster, groupId: string, rebalanceTimeout: number, member: string) {
    this.#cluster = cluster
    this.#groupId = groupId
    this.#rebalanceTimeout = rebalanceTimeout
    this.#joining = `join ${member}`
    this.#beating = `heartbeat ${member}`
  }

  async join(request: JoinRequest): Promise<Joined> {
    const { joinGroupV9 } = this.#cluster.client
    const { memberId, instanceId, sessionTimeout, rebalanceTimeout, protocol, subscription } = request
    const protocols = [{ name: protocol, metadata: subscription }]
    const answer = await this.#ask(this.#joining, this.#rebalanceTimeout + joinMargin, async (place) =>
      this.#cluster.call(
        place,
        [joinGroupV9.api],
        this.#groupId,
        sessionTimeout,
        rebalanceTimeout,
        memberId,
        instanceId ?? null,
        protocolType,
        protocols,
      ),
    )
    const members = answer.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId ?? undefined,
      subscription: member.metadata,
    }))
    return { ...answer, generation: answer.generationId, members }
  }

  async sync({ memberId, instanceId, generation, protocol, assignments }: SyncRequest): Promise<Buffer> {
    const { syncGroupV5 } = this.#cluster.client
    const answer = await this.#ask(this.#joining, this.#rebalanceTimeout + joinMargin, async (place) =>
      this.#cluster.call(
        place,
        [syncGroupV5.api],
        this.#groupId,
        generation,
        memberId,
        instanceId ?? null,
        protocolType,
        protocol,
        [...assignments],
      ),
    )
    return answer.assignment
  }

  async heartbeat({ memberId, instanceId, generation }: ClassicMember): Promise<void> {
    const { heartbeatV4 } = this.#cluster.client
    await this.#ask(this.#beating, heartbeatTimeout, async (place) =>
      this.#cluster.call(place, [heartbeatV4.api], this.#groupId, generation, memberId, instanceId ?? null),
    )
  }

  async leave({ memberId, instanceId }: Omit<ClassicMember, 'generation'>): Promise<void> {
    const { leaveGroupV5 } = this.#cluster.client
    const member = { memberId, groupInstanceId: instanceId ?? null, reason: 'closed' }
    await this.#ask(this.#beating, heartbeatTimeout, async (place) =>
      this.#cluster.call(place, [leaveGroupV5.api], this.#groupId, [member]),
    )
  }

  async consumerHeartbeat(request: ConsumerHeartbeat): Promise<ConsumerAnswer> {
    const { consumerGroupHeartbeatV0, consumerGroupHeartbeatV1 } = this.#cluster.client
    const { memberId, epoch, instanceId, subscription, owned } = request
    const answer = await this.#ask(this.#beating, heartbeatTimeout, async (place) =>
      this.#cluster.call(
        place,
        [consumerGroupHeartbeatV1.api, consumerGroupHeartbeatV0.api],
        this.#groupId,
        memberId,
        epoch,
        instanceId ?? null,
        null,
        subscription?.rebalanceTimeout ?? -1,
        subscription === undefined ? null : [...subscription.topics],
        null,
        subscription?.assignor ?? null,
        owned === undefined ? null : this.#withIds(owned),
      ),
    )
    return {
      memberId: answer.memberId ?? memberId,
      epoch: answer.memberEpoch,
      heartbeatInterval: answer.heartbeatIntervalMs,
      assignment: answer.assignment?.topicPartitions,
    }
  }

  async topics(names: readonly string[]): Promise<readonly GroupTopic[]> {
    const answer = await this.#metadata(names)
    const found = answer.topics.flatMap(({ name, topicId, errorCode, partitions }) =>
      name == null || errorCode !== 0 ? [] : [{ name, id: topicId, count: partitions.length }],
    )
    for (const { name, id } of found) this.#ids.set(name, id)
    return found
  }

  hangUp(): void {
    this.#cluster.hangUp(this.#joining)
    this.#cluster.hangUp(this.#beating)
  }

  /** Where the coordinator is has to be found out anew when it says that it is not, or says nothing. */
  async #ask<Answer>(channel: string, timeout: number, call: (place: Place) => Promise<Answer>): Promise<Answer> {
    try {
      const node = await this.#cluster.coordinator('group', this.#groupId)
      return await call({ node, channel, timeout })
    } catch (error) {
      const failure = toClusterError(error)
      this.#cluster.forget(failure)
      throw failure
    }
  }

  async #metadata(names: readonly string[]): Promise<MetadataAnswer> {
    const { metadataV12 } = this.#cluster.client
    try {
      return await this.#cluster.call({ node: 'any' }, [metadataV12.api], [...names], false, false)
    } catch (error) {
      // A topic that is not there is no reason to know nothing of the others.
      const failure = toClusterError(error)
      if (failure.response === undefined) throw failure
      return failure.response as MetadataAnswer
    }
  }

  /** What a member has came with these ids, or the topics would have no names here. */
  #withIds(owned: readonly TopicPartition[]): { topicId: string; partitions: number[] }[] {
    return [...byTopic(owned)].flatMap(([topic, numbers]) => {
      const topicId = this.#ids.get(topic)
      return topicId === undefined ? [] : [{ topicId, partitions: [...numbers] }]
    })
  }
}
