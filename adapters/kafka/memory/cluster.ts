import type { Clock } from '../../../lib/clock.ts'
import type { NewTopic, TopicPartition } from '../driver.ts'
import type { KafkaRecord, OutgoingRecord } from '../kafka-record.ts'
import type { Chance } from './chance.ts'
import type { Network } from './client-process.ts'
import { Faults } from './faults.ts'
import { Group } from './group.ts'
import type { PartitionLog } from './partition-log.ts'
import { Scheduler } from './scheduler.ts'
import { Topics } from './topics.ts'
import { Transactions } from './transactions.ts'

export interface ClusterSettings {
  readonly brokers: number
  /** ms. How long a request may wait for a broker that is away. */
  readonly requestTimeout: number
  /** ms. How long members may be silent whose protocol leaves that to the broker. */
  readonly sessionTimeout: number
}

/** What the brokers have, and which of them is to be asked for what. */
export class Cluster implements Network {
  readonly clock: Clock
  readonly chance: Chance | undefined
  readonly scheduler: Scheduler
  readonly faults: Faults = new Faults()
  readonly topics: Topics = new Topics()
  readonly transactions: Transactions
  readonly #settings: ClusterSettings
  readonly #groups = new Map<string, Group>()
  /** Those that are away, and what calls off that their requests are given up. */
  readonly #down = new Map<number, () => void>()

  constructor(clock: Clock, chance: Chance | undefined, settings: ClusterSettings) {
    this.clock = clock
    this.chance = chance
    this.#settings = settings
    this.scheduler = new Scheduler(clock, chance)
    this.transactions = new Transactions(clock, (broker, mark) => {
      this.scheduler.lane(() => this.isDown(broker)).send(mark)
    })
  }

  isDown(broker: number): boolean {
    return this.#down.has(broker)
  }

  /** Nothing arrives at a broker any more; what waits for it is given up after a while, again and again. */
  takeDown(broker: number): void {
    if (this.#down.has(broker)) return
    const wait = (): void => {
      this.#down.set(
        broker,
        this.clock.at(this.clock.now() + this.#settings.requestTimeout, () => {
          this.scheduler.expire()
          wait()
        }),
      )
    }
    wait()
  }

  bringUp(broker: number): void {
    this.#down.get(broker)?.()
    this.#down.delete(broker)
    this.scheduler.wake()
  }

  get brokers(): readonly number[] {
    return Array.from({ length: this.#settings.brokers }, (_, broker) => broker)
  }

  leaderOf({ partition }: TopicPartition): number {
    return partition % this.#settings.brokers
  }

  /** Of a group, or a transactional id. */
  coordinatorOf(id: string): number {
    let sum = 0
    for (let i = 0; i < id.length; i++) sum += id.charCodeAt(i)
    return sum % this.#settings.brokers
  }

  group(groupId: string): Group {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      const partitionsOf = (topic: string): number => this.topics.partitionsOf(topic)
      group = new Group(this.clock, this.coordinatorOf(groupId), partitionsOf, this.#settings.sessionTimeout)
      this.#groups.set(groupId, group)
    }
    return group
  }

  get groups(): Iterable<Group> {
    return this.#groups.values()
  }

  createTopic(topic: NewTopic): void {
    if (!this.topics.create(topic, (partition) => this.leaderOf(partition))) return
    for (const group of this.#groups.values()) if (group.wants(topic.topic)) group.rebalance(false)
  }

  /** Records of an answer to a fetch, at most. */
  fetchSize(): number {
    return this.chance === undefined ? 500 : 1 + this.chance.below(20)
  }

  /**
   * Writes records, all or none of them. The bytes that are kept are the logs' own: who has sent them may use them again.
   *
   * @throws KafkaError `unknown-topic`, `too-large`
   */
  write(
    records: readonly OutgoingRecord[],
    append: (log: PartitionLog, record: Pick<KafkaRecord, 'timestamp' | 'key' | 'value' | 'headers'>) => void,
  ): void {
    const logs = records.map((record) => this.topics.logFor(record))
    for (const [i, { timestamp = this.clock.now(), key, value, headers = [] }] of records.entries()) {
      const log = logs[i]
      if (log !== undefined)
        append(log, { timestamp, key: key && Buffer.from(key), value: value && Buffer.from(value), headers })
    }
  }
}
