import type { Holder, TopicPartition } from '../driver.ts'
import { Bytes } from './bytes.ts'
import type { Cluster } from './cluster.ts'
import { toClusterError } from './cluster-error.ts'

/** Who is in a group, and has what. None for a group that is not there. */
export async function holders(cluster: Cluster, groupId: string): Promise<readonly Holder[]> {
  return await cluster.retrying(`members of ${groupId}`, async () => {
    const node = await cluster.coordinator('group', groupId)
    return (await assignedByBroker(cluster, node, groupId)) ?? (await assignedByMember(cluster, node, groupId))
  })
}

/** Of a group that the broker assigns (KIP-848); undefined if it is none, or the broker knows of no such groups. */
async function assignedByBroker(
  cluster: Cluster,
  node: number,
  groupId: string,
): Promise<readonly Holder[] | undefined> {
  const { consumerGroupDescribeV0 } = cluster.client
  try {
    const { groups } = await cluster.call({ node }, [consumerGroupDescribeV0.api], [groupId], false)
    return groups.flatMap(({ members }) =>
      members.map(({ clientId, clientHost, assignment }) => ({
        clientId,
        host: clientHost,
        partitions: assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
          partitions.map((partition) => ({ topic: topicName, partition })),
        ),
      })),
    )
  } catch (error) {
    const { code } = toClusterError(error)
    if (code === 'GROUP_ID_NOT_FOUND' || code === 'UNSUPPORTED_VERSION') return undefined
    throw error
  }
}

/** Of a group that one of its members assigns. */
async function assignedByMember(cluster: Cluster, node: number, groupId: string): Promise<readonly Holder[]> {
  const { groups } = await cluster.call({ node }, [cluster.client.describeGroupsV5.api], [groupId], false)
  return groups.flatMap(({ members }) =>
    members.map(({ clientId, clientHost, memberAssignment }) => ({
      clientId,
      host: clientHost,
      partitions: assignmentOf(memberAssignment),
    })),
  )
}

/** Reads what a member has been given. Nothing while the group is about to change. */
function assignmentOf(assignment: Buffer): readonly TopicPartition[] {
  if (assignment.length === 0) return []
  const bytes = new Bytes(assignment)
  bytes.int16()
  const list = <Item>(read: () => Item): Item[] => Array.from({ length: bytes.int32() }, read)
  return list(() => {
    const topic = bytes.slice(bytes.int16())?.toString() ?? ''
    return list(() => ({ topic, partition: bytes.int32() }))
  }).flat()
}
