import type { NewTopic } from '../driver.ts'
import type { Cluster } from './cluster.ts'
import { ClusterError, toClusterError } from './cluster-error.ts'

/** Makes the topics that are not there, and waits until they can be used. */
export async function createTopics(cluster: Cluster, topics: readonly NewTopic[]): Promise<void> {
  for (const topic of topics) {
    await cluster.retrying(`create topic ${topic.topic}`, () => create(cluster, topic))
    await cluster.retrying(`create topic ${topic.topic}`, async () => {
      const { leaders } = await cluster.topic(topic.topic, { isFresh: true })
      if (leaders.includes(-1))
        throw new ClusterError('unavailable', 'LEADER_NOT_AVAILABLE', true, 'a partition has no leader yet')
    })
  }
}

async function create(
  cluster: Cluster,
  { topic, partitions, replicationFactor = -1, settings = {} }: NewTopic,
): Promise<void> {
  const wanted = {
    name: topic,
    numPartitions: partitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(settings).map(([name, value]) => ({ name, value })),
  }
  try {
    await cluster.call(
      { node: await cluster.controller() },
      [cluster.client.createTopicsV7.api],
      [wanted],
      30_000,
      false,
    )
  } catch (error) {
    const { code } = toClusterError(error)
    if (code !== 'TOPIC_ALREADY_EXISTS') throw error
  }
}
