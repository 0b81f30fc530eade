import type { API, Reader, Writer } from '@platformatic/kafka'
import { Bytes } from './bytes.ts'
import { groupBy } from './group-by.ts'
import type { KafkaClient } from './load-client.ts'

/** A batch, encoded, and where it goes. */
export interface Parcel {
  readonly topic: string
  readonly partition: number
  readonly batch: Buffer
}

export interface ProduceRequest {
  readonly transactionalId: string | undefined
  readonly parcels: readonly Parcel[]
}

/** What has become of a batch. */
export interface Receipt {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly message: string | undefined
}

/** ms. How long the replicas may take. */
const timeout = 30_000

/** Writing, acknowledged by all replicas in sync, by versions of the protocol that differ in nothing that is used here. */
export function produceApis(client: KafkaClient): readonly API<[ProduceRequest], readonly Receipt[]>[] {
  const create = (request: ProduceRequest): Writer => write(client.Writer.create(), request)
  return [11, 10, 9].map((version) => client.createAPI<[ProduceRequest], readonly Receipt[]>(0, version, create, parse))
}

function write(writer: Writer, { transactionalId, parcels }: ProduceRequest): Writer {
  const topics = [...groupBy(parcels, ({ topic }) => topic)]
  return writer
    .appendString(transactionalId)
    .appendInt16(-1)
    .appendInt32(timeout)
    .appendArray(topics, (topicWriter, [topic, ofTopic]) => {
      topicWriter.appendString(topic).appendArray(ofTopic, (partitionWriter, { partition, batch }) => {
        partitionWriter.appendInt32(partition).appendBytes(batch)
      })
    })
    .appendTaggedFields()
}

function parse(_correlationId: number, _key: number, _version: number, reader: Reader): readonly Receipt[] {
  const bytes = new Bytes(reader.buffer.slice(reader.position))
  const receipts = bytes.list(() => {
    const topic = bytes.text()
    return bytes.list(() => parseReceipt(bytes, topic))
  })
  return receipts.flat()
}

function parseReceipt(bytes: Bytes, topic: string): Receipt {
  const partition = bytes.int32()
  const errorCode = bytes.int16()
  bytes.int64()
  bytes.int64()
  bytes.int64()
  const reasons = bytes.list(() => {
    bytes.int32()
    return bytes.text()
  })
  const said = bytes.text()
  const message = [said, ...reasons].find((text) => text !== '')
  return { topic, partition, errorCode, message }
}
