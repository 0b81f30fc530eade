import type { KafkaDriver, OffsetTime, PartitionOffset, TopicPartition } from '../driver.ts'
import { partitionName } from '../partition-name.ts'
import type { Positions } from './partitions-reader.ts'

/** Where partitions begin: as a checkpoint says, or else as was asked for. */
export function fixedOffsets(
  partitions: readonly TopicPartition[],
  positions: Positions | undefined,
  offsets: readonly PartitionOffset[],
): readonly PartitionOffset[] {
  const asked = new Map(offsets.map((offset) => [partitionName(offset), offset.offset]))
  return partitions.flatMap((at) => {
    const offset = positions?.get(partitionName(at)) ?? asked.get(partitionName(at))
    return offset === undefined ? [] : [{ ...at, offset }]
  })
}

/** Where partitions end, by their names. */
export async function endOffsets(
  driver: KafkaDriver,
  partitions: readonly TopicPartition[],
  end: OffsetTime | readonly PartitionOffset[] | undefined,
): Promise<ReadonlyMap<string, number>> {
  if (end === undefined) return new Map()
  const ends = typeof end === 'object' ? end : await driver.offsets(partitions, end)
  return new Map(ends.map((offset) => [partitionName(offset), offset.offset]))
}
