import type { TopicPartition } from '../../driver.ts'
import { ProtocolReader } from './protocol-reader.ts'
import { ProtocolWriter } from './protocol-writer.ts'

/** What the leader of a group tells each member. */
export interface Assignment {
  readonly partitions: readonly TopicPartition[]
  /**
   * How many partitions the leader has given out, by topic; undefined where another client leads. A static member that leads, and comes back from
   * a restart, is not asked to give anything out: so it sees whether something is left to be done.
   */
  readonly given: ReadonlyMap<string, number> | undefined
}

/**
 * What was given out is in the user's data, which other clients do not look at.
 *
 * @see https://github.com/apache/kafka/blob/trunk/clients/src/main/resources/common/message/ConsumerProtocolAssignment.json version 0, which has all that later ones have
 */
export function encodeAssignment(partitions: readonly TopicPartition[], given: ReadonlyMap<string, number>): Buffer {
  const data = new ProtocolWriter()
  data.list([...given], ([topic, count]) => data.string(topic).int32(count))
  return new ProtocolWriter().int16(0).partitions(partitions).bytes(data.written()).written()
}

/** Brokers send no bytes at all to a member that the leader knows nothing of. */
export function decodeAssignment(bytes: Buffer): Assignment {
  const reader = new ProtocolReader(bytes)
  if (reader.isAtEnd) return { partitions: [], given: undefined }
  reader.int16()
  const partitions = reader.isAtEnd ? [] : reader.partitions()
  return { partitions, given: reader.isAtEnd ? undefined : countsOf(reader.bytes()) }
}

/** Of another client's leader it may be anything. */
function countsOf(bytes: Buffer): ReadonlyMap<string, number> | undefined {
  const data = new ProtocolReader(bytes)
  try {
    const counts = new Map(data.list(() => [data.string(), data.int32()] as const))
    return data.isAtEnd && counts.size > 0 ? counts : undefined
  } catch {
    return undefined
  }
}
