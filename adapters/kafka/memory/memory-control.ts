import type { TopicPartition } from '../driver.ts'
import type { ClientProcess } from './client-process.ts'
import type { Cluster } from './cluster.ts'
import type { Fault } from './faults.ts'

/** Makes things go wrong in a cluster in memory. */
export class MemoryControl {
  readonly #cluster: Cluster
  readonly #processOf: (clientId: string) => ClientProcess

  constructor(cluster: Cluster, processOf: (clientId: string) => ClientProcess) {
    this.#cluster = cluster
    this.#processOf = processOf
  }

  /** How many requests and answers have arrived. */
  get steps(): number {
    return this.#cluster.scheduler.steps
  }

  /** Does something in front of a step: a crash, a rebalance. */
  at(step: number, act: () => void): void {
    this.#cluster.plan(step, act)
  }

  /** Lets a group, or each one, share out its partitions again. */
  rebalance(groupId?: string): void {
    if (groupId !== undefined) this.#cluster.group(groupId).rebalance()
    else for (const group of this.#cluster.groups) group.rebalance()
  }

  /**
   * Ends a process: what it asks is never answered, or rejected. Its members are left out when their sessions are over, its transactions
   * stay open until somebody opens a producer of the same id. A driver made with the client id from now on is of a new process.
   */
  crash(clientId: string, { rejects = false }: { readonly rejects?: boolean } = {}): void {
    this.#processOf(clientId).crash(rejects)
  }

  /** Stops a process until it is woken. It then goes on with what it believes. */
  suspend(clientId: string): void {
    this.#processOf(clientId).suspend()
  }

  wake(clientId: string): void {
    this.#processOf(clientId).wake()
  }

  /** Lets requests fail. */
  fail(fault: Fault): void {
    this.#cluster.faults.add(fault)
  }

  /** Takes a broker away, or all of them: nothing arrives there. */
  down(broker?: number): void {
    for (const each of broker === undefined ? this.#cluster.brokers : [broker]) this.#cluster.setDown(each, true)
  }

  up(broker?: number): void {
    for (const each of broker === undefined ? this.#cluster.brokers : [broker]) this.#cluster.setDown(each, false)
  }

  /** Compacts a topic: of each key the last record stays, and offsets have gaps. */
  compact(topic: string, { tombstones = false }: { readonly tombstones?: boolean } = {}): void {
    for (const log of this.#cluster.topics.get(topic).logs) log.compact(tombstones)
  }

  /** Removes what is before an offset, as retention does. */
  deleteBefore(partition: TopicPartition, offset: number): void {
    this.#cluster.topics.log(partition).deleteBefore(offset)
  }
}
