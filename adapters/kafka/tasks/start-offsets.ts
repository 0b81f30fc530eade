import type { KafkaDriver, OffsetTime, PartitionOffset, TopicPartition } from '../driver.ts'

/** Where to begin to read partitions: where the group has come to, and where it has nothing, at a time. */
export async function startOffsets(
  driver: KafkaDriver,
  groupId: string,
  partitions: readonly TopicPartition[],
  otherwise: OffsetTime,
): Promise<readonly PartitionOffset[]> {
  if (partitions.length === 0) return []
  const committed = await driver.committed(groupId, partitions)
  const offsets = new Map(committed.map(({ topic, partition, offset }) => [`${topic}-${partition}`, offset]))
  const rest = partitions.filter(({ topic, partition }) => !offsets.has(`${topic}-${partition}`))
  const others = rest.length === 0 ? [] : await driver.offsets(rest, otherwise)
  for (const { topic, partition, offset } of others) offsets.set(`${topic}-${partition}`, offset)
  return partitions.map((at) => ({ ...at, offset: offsets.get(`${at.topic}-${at.partition}`) ?? 0 }))
}
