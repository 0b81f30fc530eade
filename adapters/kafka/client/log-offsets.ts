import type { OffsetTime, PartitionOffset, TopicPartition } from '../driver.ts'
import type { Cluster } from './cluster.ts'
import { groupBy } from './group-by.ts'

const latest = -1n
const earliest = -2n

const readUncommitted = 0
const readCommitted = 1

/** The offsets of partitions at a time, in the order of `partitions`; behind the last committed record where nothing is that late. */
export async function logOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  at: OffsetTime,
): Promise<readonly PartitionOffset[]> {
  const time = at === 'latest' || at === 'end' ? latest : at === 'earliest' ? earliest : BigInt(at)
  const isolation = at === 'end' ? readUncommitted : readCommitted
  const offsets = await cluster.retrying('offsets', () => ask(cluster, partitions, time, isolation))
  const found = partitions.map((one) => ({ ...one, offset: offsets.get(nameOf(one)) ?? -1 }))
  const missing = found.filter(({ offset }) => offset < 0)
  if (missing.length === 0 || time === latest) return found
  const ends = new Map((await logOffsets(cluster, missing, 'latest')).map((one) => [nameOf(one), one]))
  return found.map((one) => ends.get(nameOf(one)) ?? one)
}

async function ask(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  timestamp: bigint,
  isolation: 0 | 1,
): Promise<ReadonlyMap<string, number>> {
  const { listOffsetsV7, listOffsetsV8 } = cluster.client
  const led = await Promise.all(partitions.map(async (one) => ({ ...one, node: (await cluster.leader(one)).node })))
  const answers = await Promise.all(
    [...groupBy(led, ({ node }) => node)].map(([node, of]) => {
      const topics = [...groupBy(of, ({ topic }) => topic)].map(([name, ofTopic]) => ({
        name,
        partitions: ofTopic.map(({ partition }) => ({
          partitionIndex: partition,
          currentLeaderEpoch: -1,
          timestamp,
        })),
      }))
      return cluster.call({ node }, [listOffsetsV8.api, listOffsetsV7.api], -1, isolation, topics)
    }),
  )
  const offsets = new Map<string, number>()
  for (const { topics } of answers)
    for (const { name, partitions: ofTopic } of topics)
      for (const { partitionIndex, offset } of ofTopic)
        offsets.set(nameOf({ topic: name, partition: partitionIndex }), Number(offset))
  return offsets
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${partition} ${topic}`
}
