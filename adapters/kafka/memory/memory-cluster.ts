import type { Clock } from '../../../lib/clock.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import type { KafkaDriver, Trouble } from '../driver.ts'
import type { KafkaRecord, OutgoingRecord } from '../kafka-record.ts'
import { Chance } from './chance.ts'
import { ClientProcess } from './client-process.ts'
import { Cluster } from './cluster.ts'
import { MemoryControl } from './memory-control.ts'
import { MemoryDriver } from './memory-driver.ts'

export interface MemoryClusterOptions {
  /** What sessions and timeouts of transactions go by. */
  readonly clock: Clock
  /** Chooses what arrives first of all that is under way, and how much of it. In the order in which it was sent unless given. */
  readonly seed?: number
  /** How many brokers there are; partition `p` is with broker `p % brokers`. One unless given. */
  readonly brokers?: number
}

export interface MemoryCluster {
  /** Makes a driver, in the process with this client id. Also a `DriverFactory`: `kafka({ driver: cluster.driver })`. */
  readonly driver: (client: string | ConnectionOptions, onTrouble?: (trouble: Trouble) => void) => KafkaDriver
  /** Makes a topic, unless it is there. */
  topic(name: string, partitions: number, settings?: Readonly<Record<string, string>>): void
  /** Writes records at once, from outside. */
  produce(records: readonly OutgoingRecord[]): void
  /** What is in a topic, partition by partition: what has been committed, or also what is not, or was aborted. */
  records(topic: string, options?: { readonly isolation?: 'committed' | 'uncommitted' }): readonly KafkaRecord[]
  readonly control: MemoryControl
}

/** Makes a Kafka cluster in memory. */
export function memoryCluster({ clock, seed, brokers = 1 }: MemoryClusterOptions): MemoryCluster {
  const cluster = new Cluster(clock, seed === undefined ? undefined : new Chance(seed), brokers)
  const processes = new Map<string, ClientProcess>()
  const processOf = (clientId: string): ClientProcess => {
    let process = processes.get(clientId)
    if (process === undefined || process.isDead)
      processes.set(clientId, (process = new ClientProcess(cluster, clientId)))
    return process
  }
  return {
    driver: (client, onTrouble = () => {}) => {
      const clientId = typeof client === 'string' ? client : (client.clientId ?? 'client')
      return new MemoryDriver(cluster, processOf(clientId), onTrouble)
    },
    topic: (topic, partitions, settings = {}) => cluster.createTopic({ topic, partitions, settings }),
    produce: (records) => {
      for (const record of records) cluster.topics.log(record).append(cluster.stored(record))
    },
    records: (topic, { isolation = 'committed' } = {}) =>
      cluster.topics.get(topic).logs.flatMap((log) => log.records(isolation)),
    control: new MemoryControl(cluster, processOf),
  }
}
