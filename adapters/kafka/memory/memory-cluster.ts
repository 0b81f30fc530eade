import type { Clock } from '../../../lib/clock.ts'
import { show, TidemarkError } from '../../../lib/errors.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import type { KafkaDriver, Trouble } from '../driver.ts'
import type { KafkaRecord, OutgoingRecord } from '../kafka-record.ts'
import { Chance } from './chance.ts'
import { ClientProcess } from './client-process.ts'
import { Cluster } from './cluster.ts'
import { type MemoryControl, memoryControl } from './memory-control.ts'
import { MemoryDriver } from './memory-driver.ts'

export interface MemoryClusterOptions {
  /** What sessions and timeouts go by. */
  readonly clock: Clock
  /** An integer that chooses in which order requests and answers arrive, and how much is in one. In the order in which they were sent unless given. */
  readonly seed?: number | undefined
  /** How many brokers there are: partition `p` is with broker `p % brokers`. One unless given. */
  readonly brokers?: number
  /** ms. How long a request waits for a broker that is away, before it fails as `unavailable`. 30 s unless given. */
  readonly requestTimeout?: number
  /** ms. How long members of the protocol `consumer` may be silent. 45 s unless given. */
  readonly sessionTimeout?: number
}

/** A Kafka cluster in memory. */
export interface MemoryCluster {
  /**
   * Makes a driver, in the process with this client id: drivers with the same one crash together. Is a `DriverFactory` too, for the
   * option `driver` of `kafka` and `toKafka`.
   */
  readonly driver: (client: string | ConnectionOptions, onTrouble?: (trouble: Trouble) => void) => KafkaDriver
  /** Makes a topic, unless it is there. Of the settings `max.message.bytes` is known. */
  topic(name: string, partitions: number, settings?: Readonly<Record<string, string>>): void
  /** Writes records at once, as somebody else would. */
  produce(records: readonly OutgoingRecord[]): void
  /** What is in a topic, partition by partition: what has been committed, unless with `uncommitted` also what is not yet, or was aborted. */
  records(topic: string, options?: { readonly isolation?: 'committed' | 'uncommitted' }): readonly KafkaRecord[]
  readonly control: MemoryControl
}

/**
 * Makes a Kafka cluster in memory, to test pipelines over Kafka without brokers, and with everything going wrong that can: partitions
 * move at any step, processes die, sleep past their sessions and wake up as zombies, answers are lost.
 *
 * It has what exactly-once rests on: transactions with fencing of producers and of group members (KIP-447), of which read-committed readers
 * see everything or nothing; marks of transactions and compaction leave gaps between offsets; consumer groups of the classic, the
 * cooperative and the KIP-848 protocol. It is deterministic: the same calls, clock and seed give the same results. With a seed, whatever is
 * under way at the same time arrives in an order that the seed chooses: try many. Records are kept in memory, and never end by themselves.
 *
 * @throws TidemarkError `invalid-argument` for a seed that is no integer, or brokers that are no positive one
 * @see https://kafka.apache.org/documentation/#semantics
 * @example
 * ```ts
 * const cluster = memoryCluster({ clock: new VirtualClock(), seed: 7 })
 * cluster.topic('orders', 4)
 * cluster.produce([{ topic: 'orders', partition: 0, key: Buffer.from('anna'), value: Buffer.from('3') }])
 * const source = kafka({ brokers: ['memory:1'], topics: ['orders'], groupId: 'sales', clientId: 'a', driver: cluster.driver })
 * cluster.control.at(20, () => cluster.control.crash('a'))
 * ```
 */
export function memoryCluster({
  clock,
  seed,
  brokers = 1,
  requestTimeout = 30_000,
  sessionTimeout = 45_000,
}: MemoryClusterOptions): MemoryCluster {
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw new TidemarkError('invalid-argument', `memoryCluster: seed must be an integer, got ${show(seed)}`)
  if (!(Number.isSafeInteger(brokers) && brokers > 0))
    throw new TidemarkError(
      'invalid-argument',
      `memoryCluster: brokers must be a positive integer, got ${show(brokers)}`,
    )
  const chance = seed === undefined ? undefined : new Chance(seed)
  const cluster = new Cluster(clock, chance, { brokers, requestTimeout, sessionTimeout })
  const processes = new Map<string, ClientProcess>()
  const processOf = (clientId: string): ClientProcess => {
    let process = processes.get(clientId)
    if (process === undefined || process.isDead) {
      process = new ClientProcess(cluster, clientId)
      processes.set(clientId, process)
    }
    return process
  }
  return {
    driver: (client, onTrouble = () => {}) => {
      const clientId = typeof client === 'string' ? client : (client.clientId ?? 'client')
      return new MemoryDriver(cluster, processOf(clientId), onTrouble)
    },
    topic: (topic, partitions, settings = {}) => cluster.createTopic({ topic, partitions, settings }),
    produce: (records) => cluster.write(records, (log, record) => log.append(record)),
    records: (topic, { isolation = 'committed' } = {}) =>
      cluster.topics.get(topic).logs.flatMap((log) => log.records(isolation)),
    control: memoryControl(cluster, processes),
  }
}
