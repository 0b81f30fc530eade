// The records of the Kafka benchmark: hits of 1,000 users, 200 bytes each, one a millisecond of event time, up to 50 ms out of order.
import { Admin, Producer } from '@platformatic/kafka'
import { partitionOf } from '../../adapters/kafka/key-bytes.ts'

export const partitions = 4

const users = 1_000
const bytes = 200
const start = Date.UTC(2026, 0, 1)

/** @typedef {{ readonly time: number, readonly user: string, readonly page: string, readonly size: number }} Hit */

/** @param {number} number */
function hit(number) {
  // Knuth's multiplicative hash: which user, and how late.
  const hash = Math.imul(number, 2_654_435_761) >>> 0
  const time = start + number - (hash % 50)
  const fields = `{"time":${time},"user":"user-${hash % users}","size":${hash % 5_000},"page":"/`
  return { key: `user-${hash % users}`, value: `${fields.padEnd(bytes - 2, 'pages/of/a/shop/')}"}` }
}

/** @param {string} bootstrap @param {readonly string[]} topics */
export async function createTopics(bootstrap, topics) {
  const admin = new Admin({ clientId: 'bench', bootstrapBrokers: [bootstrap] })
  await admin.createTopics({ topics: [...topics], partitions, replicas: 1 })
  await admin.close()
}

/** Writes so many records into a topic. @param {string} bootstrap @param {string} topic @param {number} count */
export async function fill(bootstrap, topic, count) {
  await createTopics(bootstrap, [topic])
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [bootstrap], autocreateTopics: false })
  for (let next = 0; next < count;) {
    const messages = []
    for (const end = Math.min(next + 10_000, count); next < end; next++) {
      const { key, value } = hit(next)
      const bytesOfKey = Buffer.from(key)
      messages.push({
        topic,
        key: bytesOfKey,
        value: Buffer.from(value),
        partition: partitionOf(bytesOfKey, partitions),
      })
    }
    await producer.send({ messages, acks: -1 })
  }
  await producer.close()
}

/** Of this process so far, ms: what a busy machine makes no longer. */
export function processorTime() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
