import type { Clock } from '../../../lib/clock.ts'
import type { NewTopic, TopicPartition } from '../driver.ts'
import type { KafkaRecord, OutgoingRecord } from '../kafka-record.ts'
import type { Chance } from './chance.ts'
import type { Network } from './client-process.ts'
import { Faults } from './faults.ts'
import { Group } from './group.ts'
import { PartitionLog } from './partition-log.ts'
import { Scheduler } from './scheduler.ts'
import { Topics } from './topics.ts'
import { Transactions } from './transactions.ts'

/** What the brokers have, and which of them is to be asked for what. */
export class Cluster implements Network {
  readonly clock: Clock
  readonly chance: Chance | undefined
  readonly scheduler: Scheduler
  readonly faults: Faults = new Faults()
  readonly topics: Topics = new Topics()
  readonly transactions: Transactions
  readonly #brokers: number
  readonly #groups = new Map<string, Group>()
  readonly #down = new Set<number>()
  readonly #plans = new Map<number, (() => void)[]>()

  constructor(clock: Clock, chance: Chance | undefined, brokers: number) {
    this.clock = clock
    this.chance = chance
    this.#brokers = brokers
    this.scheduler = new Scheduler(clock, chance, (step) => {
      for (const plan of this.#plans.get(step) ?? []) plan()
      this.#plans.delete(step)
    })
    this.transactions = new Transactions(clock, (participant, mark) => {
      const leader = participant instanceof PartitionLog ? this.leaderOf(participant) : undefined
      this.scheduler.lane(() => leader !== undefined && this.isDown(leader)).send(mark)
    })
  }

  isDown(broker: number): boolean {
    return this.#down.has(broker)
  }

  setDown(broker: number, isDown: boolean): void {
    if (isDown) this.#down.add(broker)
    else this.#down.delete(broker)
    this.scheduler.wake()
  }

  get brokers(): readonly number[] {
    return Array.from({ length: this.#brokers }, (_, broker) => broker)
  }

  plan(step: number, act: () => void): void {
    const plans = this.#plans.get(step)
    if (plans === undefined) this.#plans.set(step, [act])
    else plans.push(act)
  }

  leaderOf({ partition }: TopicPartition): number {
    return partition % this.#brokers
  }

  /** Of a group, or a transactional id. */
  coordinatorOf(id: string): number {
    let sum = 0
    for (let i = 0; i < id.length; i++) sum += id.charCodeAt(i)
    return sum % this.#brokers
  }

  group(groupId: string): Group {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      group = new Group(this.clock, (topic) => (this.topics.has(topic) ? this.topics.get(topic).logs.length : 0))
      this.#groups.set(groupId, group)
    }
    return group
  }

  get groups(): Iterable<Group> {
    return this.#groups.values()
  }

  createTopic(topic: NewTopic): void {
    if (!this.topics.create(topic)) return
    for (const group of this.#groups.values()) if (group.wants(topic.topic)) group.rebalance()
  }

  /** Records of an answer to a fetch, at most. */
  fetchSize(): number {
    return this.chance === undefined ? 500 : 1 + this.chance.below(20)
  }

  /** What a log keeps of a record. The bytes are its own: who has sent them may use them again. */
  stored(record: OutgoingRecord): Pick<KafkaRecord, 'timestamp' | 'key' | 'value' | 'headers'> {
    const { timestamp = this.clock.now(), key, value, headers = [] } = record
    return { timestamp, key: key && Buffer.from(key), value: value && Buffer.from(value), headers }
  }
}
