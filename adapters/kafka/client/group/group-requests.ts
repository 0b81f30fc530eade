import type { TopicPartition } from '../../driver.ts'

/** What a member asks the coordinator of its group. Each is one attempt, and fails with a `ClusterError`. */
export interface GroupRequests {
  /** Is answered when all members have joined. What the broker answers late must not hold up heartbeats. */
  join(request: JoinRequest): Promise<Joined>
  /** Is answered when the leader has given out the partitions. */
  sync(request: SyncRequest): Promise<Buffer>
  heartbeat(member: ClassicMember): Promise<void>
  leave(member: Omit<ClassicMember, 'generation'>): Promise<void>
  /** Of KIP-848. */
  consumerHeartbeat(request: ConsumerHeartbeat): Promise<ConsumerAnswer>
  /** The topics that are there, of these: asked now, and not known from before. */
  topics(names: readonly string[]): Promise<readonly GroupTopic[]>
  /** Closes the connections: what was asked and not answered is of no interest any more. Further requests open new ones. */
  hangUp(): void
}

export interface ClassicMember {
  readonly memberId: string
  readonly instanceId: string | undefined
  readonly generation: number
}

export interface JoinRequest {
  /** Empty when the coordinator is to give one. */
  readonly memberId: string
  readonly instanceId: string | undefined
  /** ms */
  readonly sessionTimeout: number
  /** ms */
  readonly rebalanceTimeout: number
  /** The name of the assignor: all members must have the same. */
  readonly protocol: string
  readonly subscription: Buffer
}

export interface Joined {
  readonly memberId: string
  readonly generation: number
  readonly leader: string
  /** The leader is back from a restart, and what it has given out before is still in force. */
  readonly skipAssignment: boolean
  /** All of them; told to the leader alone. */
  readonly members: readonly {
    readonly memberId: string
    readonly instanceId: string | undefined
    readonly subscription: Buffer
  }[]
}

export interface SyncRequest extends ClassicMember {
  readonly protocol: string
  /** Who gets what; of the leader alone. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
}

export interface ConsumerHeartbeat {
  readonly memberId: string
  /** 0 joins, -1 leaves, -2 leaves for the moment (a static member). */
  readonly epoch: number
  readonly instanceId: string | undefined
  /** All that the coordinator has to know; only in the first one, and after something has gone wrong. */
  readonly subscription?: ConsumerSubscription | undefined
  /** What the member has; where it has changed. */
  readonly owned?: readonly TopicPartition[] | undefined
}

export interface ConsumerSubscription {
  readonly topics: readonly string[]
  /** ms */
  readonly rebalanceTimeout: number
  readonly assignor: string
}

export interface ConsumerAnswer {
  readonly memberId: string
  readonly epoch: number
  /** ms */
  readonly heartbeatInterval: number
  /** What the member is to have; undefined where that has not changed. */
  readonly assignment: readonly { readonly topicId: string; readonly partitions: readonly number[] }[] | undefined
}

export interface GroupTopic {
  readonly name: string
  readonly id: string
  /** The number of its partitions. */
  readonly count: number
}
