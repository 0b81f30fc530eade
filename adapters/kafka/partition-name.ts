import type { TopicPartition } from './driver.ts'

/** How a partition is called in positions, sources of lines and messages: `orders-3`. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}
