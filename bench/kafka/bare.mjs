// What the bare client takes to read the records and to write records: a stream of its consumer, and batches of its producer, both with
// what was found to be their best settings. No record is looked at.
import { Consumer, Producer } from '@platformatic/kafka'
import { partitions, processorTime } from './records.mjs'

/** Records. Larger ones are slower, and with more than 4,000 they may be more than brokers take for a partition. */
const batch = 1_000
/** Batches under way. */
const pending = 4

/**
 * @param {{ bootstrap: string, from: string, to: string, group: string, count: number, every: number }} options of so many records one is
 *   written
 */
export async function copy({ bootstrap, from, to, group, count, every }) {
  const producer = new Producer({ clientId: 'bare', bootstrapBrokers: [bootstrap], autocreateTopics: false })
  const consumer = new Consumer({ clientId: 'bare', groupId: group, bootstrapBrokers: [bootstrap] })
  const stream = await consumer.consume({
    topics: [from],
    mode: 'earliest',
    autocommit: 1_000,
    maxBytes: 8 << 20,
    maxWaitTime: 100,
    highWaterMark: 20_000,
  })
  let first = 0
  let read = 0
  let written = 0
  /** @type {{ topic: string, key: Buffer, value: Buffer, partition: number }[]} */
  let messages = []
  /** @type {Set<Promise<void>>} */
  const sending = new Set()
  const send = () => {
    const sent = producer.send({ messages, acks: -1 }).then(() => void sending.delete(sent))
    sending.add(sent)
    messages = []
  }
  for await (const { key, value, partition } of stream) {
    if (read++ === 0) first = performance.now()
    if (read % every === 0) {
      written += 1
      messages.push({ topic: to, key, value, partition: partition % partitions })
      if (messages.length === batch) {
        send()
        if (sending.size === pending) await Promise.race(sending)
      }
    }
    if (read === count) break
  }
  if (messages.length > 0) send()
  await Promise.all(sending)
  const ms = performance.now() - first
  await consumer.close(true)
  await producer.close()
  return { ms, read, written, cpu: processorTime() }
}
