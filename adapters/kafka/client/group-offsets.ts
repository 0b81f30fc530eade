import type { MemberIdentity, PartitionOffset, TopicPartition } from '../driver.ts'
import type { Cluster } from './cluster.ts'
import { groupBy } from './group-by.ts'

/** As requests name the offsets of a topic. */
interface OffsetsOfTopic {
  readonly name: string
  readonly partitions: {
    readonly partitionIndex: number
    readonly committedOffset: bigint
    readonly committedLeaderEpoch: number
    readonly committedMetadata: null
  }[]
}

/** What a group has committed, of the partitions where it has. */
export async function fetchOffsets(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<readonly PartitionOffset[]> {
  const { offsetFetchV8, offsetFetchV9 } = cluster.client
  const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitionIndexes: ofTopic.map(({ partition }) => partition),
  }))
  return await cluster.retrying(`committed offsets of ${groupId}`, async () => {
    const node = await cluster.coordinator('group', groupId)
    // An open transaction may be about to change them: then the broker says so, and is asked again.
    const { groups } = await cluster.call(
      { node },
      [offsetFetchV9.api, offsetFetchV8.api],
      [{ groupId, memberId: null, memberEpoch: -1, topics }],
      true,
    )
    return groups.flatMap((group) =>
      group.topics.flatMap(({ name, partitions: ofTopic }) =>
        ofTopic
          .map(({ partitionIndex, committedOffset }) => ({
            topic: name,
            partition: partitionIndex,
            offset: Number(committedOffset),
          }))
          .filter(({ offset }) => offset >= 0),
      ),
    )
  })
}

/** Commits offsets of a group, as a member or without being one. */
export async function commitOffsets(
  cluster: Cluster,
  group: MemberIdentity | { readonly groupId: string },
  offsets: readonly PartitionOffset[],
): Promise<void> {
  if (offsets.length === 0) return
  const { offsetCommitV8, offsetCommitV9 } = cluster.client
  const { groupId } = group
  const { memberId, generation, instanceId } =
    'memberId' in group ? group : { memberId: '', generation: -1, instanceId: undefined }
  await cluster.retrying(
    `commit of ${groupId}`,
    async () => {
      const node = await cluster.coordinator('group', groupId)
      await cluster.call(
        { node },
        [offsetCommitV9.api, offsetCommitV8.api],
        groupId,
        generation,
        memberId,
        instanceId ?? null,
        offsetsByTopic(offsets),
      )
    },
    // Between having joined and knowing what is whose; the generation is checked again after that.
    { also: ['REBALANCE_IN_PROGRESS'] },
  )
}

export function offsetsByTopic(offsets: readonly PartitionOffset[]): OffsetsOfTopic[] {
  return [...groupBy(offsets, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
      committedMetadata: null,
    })),
  }))
}
