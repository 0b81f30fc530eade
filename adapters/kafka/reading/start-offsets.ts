import type { KafkaDriver, OffsetTime, PartitionOffset, TopicPartition } from '../driver.ts'
import { partitionName } from '../partition-name.ts'

/** Where to begin to read partitions: where the group has come to, and where it has nothing, at a time. */
export async function startOffsets(
  driver: KafkaDriver,
  groupId: string,
  partitions: readonly TopicPartition[],
  otherwise: OffsetTime,
): Promise<readonly PartitionOffset[]> {
  if (partitions.length === 0) return []
  const committed = await driver.committed(groupId, partitions)
  const offsets = new Map(committed.map((at) => [partitionName(at), at.offset]))
  const rest = partitions.filter((at) => !offsets.has(partitionName(at)))
  const others = rest.length === 0 ? [] : await driver.offsets(rest, otherwise)
  for (const at of others) offsets.set(partitionName(at), at.offset)
  return partitions.map((at) => ({ ...at, offset: offsets.get(partitionName(at)) ?? 0 }))
}
