import type {
  GroupMember,
  Holder,
  KafkaDriver,
  MemberIdentity,
  MemberOptions,
  NewTopic,
  OffsetTime,
  PartitionFeed,
  PartitionOffset,
  Producer,
  ProducerOptions,
  TopicPartition,
  Trouble,
} from '../driver.ts'
import { type ClientProcess, Connection } from './client-process.ts'
import type { Cluster } from './cluster.ts'
import { MemoryFeed } from './memory-feed.ts'
import { MemoryMember } from './memory-member.ts'
import { MemoryProducer } from './memory-producer.ts'

/** Any broker knows what there is. */
const anyBroker = 0

export class MemoryDriver implements KafkaDriver {
  readonly #cluster: Cluster
  readonly #process: ClientProcess
  readonly #connection: Connection
  readonly #onTrouble: (trouble: Trouble) => void
  readonly #feeds: MemoryFeed[] = []
  readonly #members: MemoryMember[] = []

  constructor(cluster: Cluster, process: ClientProcess, onTrouble: (trouble: Trouble) => void) {
    this.#cluster = cluster
    this.#process = process
    this.#connection = new Connection(process)
    this.#onTrouble = onTrouble
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#connection.ask(
      anyBroker,
      'partitionCounts',
      () => new Map(topics.map((topic) => [topic, this.#cluster.topics.get(topic).logs.length])),
    )
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#connection.ask(anyBroker, 'createTopics', () => {
      for (const topic of topics) this.#cluster.createTopic(topic)
    })
  }

  offsets(partitions: readonly TopicPartition[], at: OffsetTime): Promise<readonly PartitionOffset[]> {
    return this.#connection.ask(anyBroker, 'offsets', () =>
      partitions.map(({ topic, partition }) => ({
        topic,
        partition,
        offset: this.#cluster.topics.log({ topic, partition }).offsetAt(at),
      })),
    )
  }

  committed(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    return this.#connection.ask(this.#cluster.coordinatorOf(groupId), 'committed', () =>
      this.#cluster.group(groupId).offsets.stable(partitions),
    )
  }

  commitOffsets(
    group: MemberIdentity | { readonly groupId: string },
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    const { groupId } = group
    return this.#connection.ask(this.#cluster.coordinatorOf(groupId), 'commitOffsets', () => {
      this.#cluster.group(groupId).check(group)
      this.#cluster.group(groupId).offsets.commit(offsets)
    })
  }

  feed(partition: TopicPartition, offset: number): PartitionFeed {
    const feed = new MemoryFeed(this.#cluster, new Connection(this.#process), partition, offset, this.#onTrouble)
    this.#feeds.push(feed)
    return feed
  }

  member(options: MemberOptions): GroupMember {
    const member = new MemoryMember(this.#cluster, new Connection(this.#process), options, this.#onTrouble)
    this.#members.push(member)
    return member
  }

  holders(groupId: string): Promise<readonly Holder[]> {
    return this.#connection.ask(this.#cluster.coordinatorOf(groupId), 'holders', () =>
      this.#cluster.group(groupId).holders(),
    )
  }

  producer(options: ProducerOptions): Producer {
    return new MemoryProducer(this.#cluster, new Connection(this.#process), options)
  }

  async close(): Promise<void> {
    for (const feed of this.#feeds) feed.close()
    for (const member of this.#members) member.abandon()
  }
}
