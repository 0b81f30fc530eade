import type { TopicPartition } from '../../driver.ts'
import { ProtocolReader } from './protocol-reader.ts'
import { ProtocolWriter } from './protocol-writer.ts'

/** @see https://github.com/apache/kafka/blob/trunk/clients/src/main/resources/common/message/ConsumerProtocolAssignment.json version 0, which has all that later ones have */
export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return new ProtocolWriter().int16(0).partitions(partitions).int32(-1).written()
}

/** Brokers send no bytes at all to a member that the leader knows nothing of. */
export function decodeAssignment(bytes: Buffer): readonly TopicPartition[] {
  const reader = new ProtocolReader(bytes)
  if (reader.isAtEnd) return []
  reader.int16()
  return reader.isAtEnd ? [] : reader.partitions()
}
