import type { KafkaRecord, OutgoingRecord } from './kafka-record.ts'

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A place in a partition: of the next record to be read. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number
}

/** A topic to be made. */
export interface NewTopic {
  readonly topic: string
  readonly partitions: number
  /** That of the cluster unless given. */
  readonly replicationFactor?: number | undefined
  /** Such as `cleanup.policy`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * Where to begin: `earliest` and `latest`, or at the first record with this timestamp or a later one (epoch ms). `end` is behind everything,
 * also what is not committed yet: who has read up to there has seen all that was decided before, although marks of transactions come late.
 */
export type OffsetTime = 'earliest' | 'latest' | 'end' | number

/** What was fetched of a partition in one go. */
export interface Fetched {
  /** In order. None where only what is not to be seen was passed over, such as marks of transactions. */
  readonly records: readonly KafkaRecord[]
  /** Where to go on: behind the last record, and behind what was passed over. */
  readonly next: number
  /** Behind the last record that can be read by now. */
  readonly end: number
}

/** Reads one partition. Holds what was fetched and not asked for, one answer of a broker at most. */
export interface PartitionFeed {
  /**
   * The next records; waits until there are some, however long that takes, and also answers when only `next` has moved. One call at a time.
   * Rejects with a `KafkaError`, also `out-of-range`; what goes away by itself is tried again, and told to `onTrouble`. Never answers after `close`.
   */
  read(): Fetched | Promise<Fetched>
  /** Records are known to be there that have not been read: it is not silent. */
  readonly isBehind: boolean
  /** Behind the last record that could be read when the broker answered last; undefined before the first answer. */
  readonly end: number | undefined
  close(): void
}

/** Who a member of a group is, for what it does in its name. */
export interface MemberIdentity {
  readonly groupId: string
  readonly memberId: string
  /** Of the classic protocol its generation, else the member's epoch. What is done under an old one is `fenced`. */
  readonly generation: number
  readonly instanceId: string | undefined
}

/** Is told what a member has. Calls do not overlap: the next one waits until what this one returns is done. */
export interface MemberListener {
  /** These are the member's from now on, beside what it had. */
  assigned(partitions: readonly TopicPartition[]): void | Promise<void>
  /** These go to others, when this is done: until then nobody else has them, unless it takes longer than the rebalance timeout. */
  revoked(partitions: readonly TopicPartition[]): void | Promise<void>
  /** These have gone already: others may be at work on them. */
  lost(partitions: readonly TopicPartition[]): void | Promise<void>
  /** The member has left for good, because of something that does not go away by itself. */
  failed(error: unknown): void
}

export interface MemberOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  /** `classic` gives up everything at each rebalance, `cooperative` only what moves; `consumer` leaves it to the broker (KIP-848). */
  readonly protocol: 'classic' | 'cooperative' | 'consumer'
  /** Makes a static member: it has its partitions again when it comes back within the session timeout. */
  readonly instanceId?: string | undefined
  /** ms. How long a member may be silent; without meaning for `consumer`, where the broker decides. */
  readonly sessionTimeout: number
  /** ms. How long members may take to give partitions up. */
  readonly rebalanceTimeout: number
  /** Partitions with the same number, of all topics, go to the same member. */
  readonly keepsTogether: boolean
  readonly listener: MemberListener
}

/** A member of a group. It joins when it is made, and again whenever it has been left out. */
export interface GroupMember {
  /** Undefined while it is not in the group. */
  readonly identity: MemberIdentity | undefined
  /** How often its partitions have changed. */
  readonly rebalances: number
  /** Gives up everything (`revoked` is called), and leaves; a static member stays in the group until its session is over. */
  close(): Promise<void>
}

/** A member, as the broker describes it. */
export interface Holder {
  readonly clientId: string
  readonly host: string
  readonly partitions: readonly TopicPartition[]
}

export interface ProducerOptions {
  /** Makes a transactional producer: nothing of a transaction is seen before its `commit`. */
  readonly transactionalId?: string | undefined
  /** ms. How long a transaction may be open before the broker aborts it. */
  readonly transactionTimeout?: number | undefined
  readonly compression?: Compression | undefined
}

export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** Writes records, each once (idempotent), in order for each partition. */
export interface Producer {
  /** Of a transactional one: ends what was left open under its id, and fences off whoever had the id before. */
  open(): Promise<void>
  /** Writes records; resolves when they are in the logs of all replicas in sync. Further calls may be made meanwhile. Begins a transaction if it has one. */
  send(records: readonly OutgoingRecord[]): Promise<void>
  /**
   * Commits the transaction with the offsets of a group, when all that was sent is written. Without records and offsets it does nothing.
   * Rejects with `fenced` if the producer or the member has been replaced: then nothing of the transaction is ever seen.
   * After `unavailable` it may or may not have been committed: who opens a producer of the same id sees what has become of it.
   */
  commit(group?: { readonly member: MemberIdentity; readonly offsets: readonly PartitionOffset[] }): Promise<void>
  /** Aborts the transaction, if there is one. A failure is of no consequence: the next `open` does it. */
  abort(): Promise<void>
  /** Does not abort. */
  close(): Promise<void>
}

/** What a cluster is for the adapter. */
export interface KafkaDriver {
  /**
   * The number of partitions of each topic.
   *
   * @throws KafkaError `unknown-topic` if one is not there
   */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Makes the topics that are not there. Says nothing about those that are. */
  createTopics(topics: readonly NewTopic[]): Promise<void>
  /** The offsets at a time, in the order of `partitions`; with `latest`, and where nothing is that late, behind the last committed record. */
  offsets(partitions: readonly TopicPartition[], at: OffsetTime): Promise<readonly PartitionOffset[]>
  /** What a group has committed, of the partitions where it has. Waits for transactions that are about to change it. */
  committed(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]>
  /** Commits offsets of a group, as a member or, where nobody else does, without being one. */
  commitOffsets(
    group: MemberIdentity | { readonly groupId: string },
    offsets: readonly PartitionOffset[],
  ): Promise<void>
  /** Reads a partition from an offset on: committed records only. */
  feed(partition: TopicPartition, offset: number): PartitionFeed
  member(options: MemberOptions): GroupMember
  /** Who is in a group, and has what. */
  holders(groupId: string): Promise<readonly Holder[]>
  producer(options: ProducerOptions): Producer
  /** Closes what is still open, without committing or leaving. */
  close(): Promise<void>
}

/** Trouble that the driver goes on to try to get over. */
export interface Trouble {
  /** What it was about: `fetch orders-3`, `commit`. */
  readonly what: string
  readonly message: string
  /** How often it has been tried by now. */
  readonly attempts: number
}
