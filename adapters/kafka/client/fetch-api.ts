import type { API, Reader, Writer } from '@platformatic/kafka'
import { Bytes } from './bytes.ts'
import type { AbortedTransaction } from './decode-batches.ts'
import { groupBy } from './group-by.ts'
import type { KafkaClient } from './load-client.ts'

/** What is wanted of a partition. */
export interface WantedPartition {
  readonly topicId: string
  readonly partition: number
  readonly offset: number
}

export interface FetchRequest {
  /** ms. How long the broker waits for the first record. */
  readonly wait: number
  readonly partitions: readonly WantedPartition[]
}

/** What a broker has of a partition. */
export interface PartitionAnswer {
  readonly topicId: string
  readonly partition: number
  readonly errorCode: number
  /** Behind the last record that can be read. */
  readonly lastStable: number
  readonly aborted: readonly AbortedTransaction[]
  /** Record batches. */
  readonly data: Buffer
}

export interface FetchAnswer {
  readonly errorCode: number
  readonly partitions: readonly PartitionAnswer[]
}

/** Bytes in an answer: of a partition, and of all. A batch that is larger comes all the same. */
const mostOfPartition = 1 << 20
const mostOfAll = 8 << 20

/** Fetching, by versions of the protocol that name topics by their ids and differ in nothing that is used here. */
export function fetchApis(client: KafkaClient): readonly API<[FetchRequest], FetchAnswer>[] {
  const create = (request: FetchRequest): Writer => write(client.Writer.create(), request)
  return [17, 16, 15].map((version) => client.createAPI<[FetchRequest], FetchAnswer>(1, version, create, parse))
}

function write(writer: Writer, { wait, partitions }: FetchRequest): Writer {
  const topics = [...groupBy(partitions, ({ topicId }) => topicId)]
  return (
    writer
      .appendInt32(wait)
      .appendInt32(1)
      .appendInt32(mostOfAll)
      // Committed records only.
      .appendInt8(1)
      // No session: every request is complete.
      .appendInt32(0)
      .appendInt32(-1)
      .appendArray(topics, (topicWriter, [topicId, wanted]) => {
        topicWriter.appendUUID(topicId).appendArray(wanted, (partitionWriter, { partition, offset }) => {
          partitionWriter
            .appendInt32(partition)
            .appendInt32(-1)
            .appendInt64(BigInt(offset))
            .appendInt32(-1)
            .appendInt64(-1n)
            .appendInt32(mostOfPartition)
        })
      })
      .appendArray([], () => {})
      .appendString('')
      .appendTaggedFields()
  )
}

function parse(_correlationId: number, _key: number, _version: number, reader: Reader): FetchAnswer {
  const bytes = new Bytes(reader.buffer.slice(reader.position))
  bytes.int32()
  const errorCode = bytes.int16()
  bytes.int32()
  const partitions = bytes.list(() => {
    const topicId = bytes.uuid()
    return bytes.list(() => parsePartition(bytes, topicId))
  })
  return { errorCode, partitions: partitions.flat() }
}

function parsePartition(bytes: Bytes, topicId: string): PartitionAnswer {
  const partition = bytes.int32()
  const errorCode = bytes.int16()
  bytes.int64()
  const lastStable = bytes.int64()
  bytes.int64()
  const aborted = bytes.list(() => ({ producerId: bytes.int64(), firstOffset: bytes.int64() }))
  bytes.int32()
  const data = bytes.slice(bytes.uvarint() - 1) ?? Buffer.alloc(0)
  return { topicId, partition, errorCode, lastStable, aborted, data }
}
