import type { ConnectionOptions } from '../connection-options.ts'
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
import { Cluster } from './cluster.ts'
import { ClusterProducer } from './cluster-producer.ts'
import { createTopics } from './create-topics.ts'
import { Feed } from './feed.ts'
import { Fetcher } from './fetcher.ts'
import { groupMember } from './group-member.ts'
import { commitOffsets, fetchOffsets } from './group-offsets.ts'
import { holders } from './holders.ts'
import { loadClient } from './load-client.ts'
import { logOffsets } from './log-offsets.ts'

/**
 * The driver for real brokers, on the protocol layer of `@platformatic/kafka`. Connects when it is first asked for something.
 *
 * @param onTrouble told of what is tried again
 * @throws TidemarkError `input` on a Node that can't run the package, or where it is not installed
 */
export async function kafkaClient(
  options: ConnectionOptions,
  onTrouble: (trouble: Trouble) => void,
): Promise<KafkaDriver> {
  return new ClusterDriver(new Cluster(await loadClient(), options, onTrouble))
}

class ClusterDriver implements KafkaDriver {
  readonly #cluster: Cluster
  readonly #fetcher: Fetcher

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#fetcher = new Fetcher(cluster)
  }

  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const known = await Promise.all(
      topics.map((name) => this.#cluster.retrying('topics', () => this.#cluster.topic(name, { isFresh: true }))),
    )
    return new Map(known.map(({ name, leaders }) => [name, leaders.length]))
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    await createTopics(this.#cluster, topics)
  }

  offsets(partitions: readonly TopicPartition[], at: OffsetTime): Promise<readonly PartitionOffset[]> {
    return logOffsets(this.#cluster, partitions, at)
  }

  committed(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    return fetchOffsets(this.#cluster, groupId, partitions)
  }

  async commitOffsets(
    group: MemberIdentity | { readonly groupId: string },
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    await commitOffsets(this.#cluster, group, offsets)
  }

  feed(partition: TopicPartition, offset: number): PartitionFeed {
    return new Feed(this.#cluster, this.#fetcher, partition, offset)
  }

  member(options: MemberOptions): GroupMember {
    return groupMember(this.#cluster, options)
  }

  holders(groupId: string): Promise<readonly Holder[]> {
    return holders(this.#cluster, groupId)
  }

  producer(options: ProducerOptions): Producer {
    return new ClusterProducer(this.#cluster, options)
  }

  close(): Promise<void> {
    this.#cluster.close()
    return Promise.resolve()
  }
}
