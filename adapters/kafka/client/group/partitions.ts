import type { TopicPartition } from '../../driver.ts'

/** One text for each partition, so that sets of them can be kept. No topic has a colon in its name. */
export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`
}

/** Those that are not among `others`. */
export function without(
  partitions: readonly TopicPartition[],
  others: readonly TopicPartition[],
): readonly TopicPartition[] {
  const names = new Set(others.map(nameOf))
  return partitions.filter((partition) => !names.has(nameOf(partition)))
}

/** Sorted by topic, then by number. */
export function inOrder(partitions: readonly TopicPartition[]): readonly TopicPartition[] {
  return partitions.toSorted((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
}

/** The numbers of each topic's partitions, both in order. */
export function byTopic(partitions: readonly TopicPartition[]): ReadonlyMap<string, readonly number[]> {
  const topics = new Map<string, number[]>()
  for (const { topic, partition } of inOrder(partitions)) {
    const numbers = topics.get(topic)
    if (numbers === undefined) topics.set(topic, [partition])
    else numbers.push(partition)
  }
  return topics
}
