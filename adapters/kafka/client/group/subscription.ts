import type { TopicPartition } from '../../driver.ts'
import { ProtocolReader } from './protocol-reader.ts'
import { ProtocolWriter } from './protocol-writer.ts'

/** What a member tells the leader of its group when it joins. */
export interface Subscription {
  readonly topics: readonly string[]
  /** What it has at the moment, and does not want to lose without need. */
  readonly owned: readonly TopicPartition[]
  /** As of which generation; -1 when it has not been in any, or does not say. */
  readonly generation: number
}

/** Nothing of ours is in the user's data, and no rack. */
const nothing = -1

/** @see https://github.com/apache/kafka/blob/trunk/clients/src/main/resources/common/message/ConsumerProtocolSubscription.json version 3 */
export function encodeSubscription({ topics, owned, generation }: Subscription): Buffer {
  const writer = new ProtocolWriter()
  writer.int16(3).list(topics.toSorted(), (topic) => writer.string(topic))
  return writer.int32(nothing).partitions(owned).int32(generation).int16(nothing).written()
}

/** Reads versions 0 to 3, and of newer ones what they have in common with these. */
export function decodeSubscription(bytes: Buffer): Subscription {
  const reader = new ProtocolReader(bytes)
  const version = reader.int16()
  const topics = reader.list(() => reader.string())
  reader.bytes()
  const owned = version >= 1 && !reader.isAtEnd ? reader.partitions() : []
  const generation = version >= 2 && !reader.isAtEnd ? reader.int32() : -1
  return { topics, owned, generation }
}
