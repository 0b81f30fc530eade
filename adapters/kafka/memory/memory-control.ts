import type { TopicPartition } from '../driver.ts'
import type { ClientProcess } from './client-process.ts'
import type { Cluster } from './cluster.ts'
import type { Fault } from './faults.ts'

/** Makes things go wrong in a cluster in memory. A process is named by its client id. */
export interface MemoryControl {
  /** How many requests, answers and marks of transactions have arrived by now. */
  readonly steps: number
  /** Resolves when nothing has been under way for some turns of the clock, but what waits for a process or a broker that is away. */
  settled(): Promise<void>
  /** Does something in front of a step: a crash, a rebalance. The first step is 0. */
  at(step: number, act: () => void): void
  /** Lets a group share out its partitions again, or each one; with `moves` everything goes to other members, where there are some. */
  rebalance(groupId?: string, options?: { readonly moves?: boolean }): void
  /**
   * Ends a process: what it asks is never answered, or, with `rejects`, is rejected with a `KafkaError` `other`. Its members are left out when
   * their sessions are over; its transactions stay open until a producer of the same id is opened, or they time out. What it had sent by now
   * may still arrive. A driver that is made with the client id from now on is in a new process.
   */
  crash(clientId: string, options?: { readonly rejects?: boolean }): void
  /** Stops a process until it is woken: it hears nothing, and what it asks waits. Its members' sessions run out. */
  suspend(clientId: string): void
  /** Lets a suspended process go on, with what it believed: only then it hears what has happened meanwhile. */
  wake(clientId: string): void
  /** Lets requests fail that are still to come. */
  fail(fault: Fault): void
  /**
   * Takes a broker away, or all: requests wait. After the cluster's `requestTimeout` what waits fails as `unavailable`; feeds and members
   * try again by themselves.
   */
  down(broker?: number): void
  /** Brings a broker back, or all. */
  up(broker?: number): void
  /** Compacts a topic: of each key the last record stays, offsets have gaps. With `tombstones` those are removed too. */
  compact(topic: string, options?: { readonly tombstones?: boolean }): void
  /** Removes what is before an offset, as retention does. */
  deleteBefore(partition: TopicPartition, offset: number): void
}

export function memoryControl(cluster: Cluster, processes: ReadonlyMap<string, ClientProcess>): MemoryControl {
  const { scheduler, topics } = cluster
  const chosen = (broker: number | undefined): readonly number[] => (broker === undefined ? cluster.brokers : [broker])
  return {
    get steps() {
      return scheduler.steps
    },
    settled: () => scheduler.settled(),
    at: (step, act) => scheduler.plan(step, act),
    rebalance: (groupId, { moves = false } = {}) => {
      for (const group of groupId === undefined ? cluster.groups : [cluster.group(groupId)]) group.rebalance(moves)
    },
    crash: (clientId, { rejects = false } = {}) => processes.get(clientId)?.crash(rejects),
    suspend: (clientId) => processes.get(clientId)?.suspend(),
    wake: (clientId) => processes.get(clientId)?.wake(),
    fail: (fault) => cluster.faults.add(fault),
    down: (broker) => {
      for (const each of chosen(broker)) cluster.takeDown(each)
    },
    up: (broker) => {
      for (const each of chosen(broker)) cluster.bringUp(each)
    },
    compact: (topic, { tombstones = false } = {}) => {
      for (const log of topics.get(topic).logs) log.compact(tombstones)
    },
    deleteBefore: (partition, offset) => topics.log(partition).deleteBefore(offset),
  }
}
