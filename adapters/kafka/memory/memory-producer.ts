import type { MemberIdentity, PartitionOffset, Producer, ProducerOptions } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import type { Connection } from './client-process.ts'
import type { Cluster } from './cluster.ts'
import type { ProducerIdentity } from './transactions.ts'

/** ms. What a broker gives a transaction unless it is told. */
const usualTimeout = 60_000

export class MemoryProducer implements Producer {
  readonly #cluster: Cluster
  readonly #connection: Connection
  readonly #options: ProducerOptions
  #identity: ProducerIdentity | undefined
  /** Sends without an answer yet. */
  readonly #sending = new Set<Promise<void>>()
  /** There is something to be ended. */
  #hasBegun = false
  /** Why a send of this transaction has failed. */
  #failure: { readonly error: unknown } | undefined

  constructor(cluster: Cluster, connection: Connection, options: ProducerOptions) {
    this.#cluster = cluster
    this.#connection = connection
    this.#options = options
  }

  async open(): Promise<void> {
    const { transactionalId, transactionTimeout = usualTimeout } = this.#options
    if (transactionalId === undefined) return
    const broker = this.#cluster.coordinatorOf(transactionalId)
    this.#identity = await this.#connection.ask(broker, 'open', () =>
      this.#cluster.transactions.open(transactionalId, transactionTimeout),
    )
    this.#hasBegun = false
    this.#failure = undefined
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return
    const now = this.#cluster.clock.now()
    const byLeader = new Map<number, OutgoingRecord[]>()
    for (const record of records) {
      const leader = this.#cluster.leaderOf(record)
      const timestamp = record.timestamp ?? now
      const group = byLeader.get(leader)
      if (group === undefined) byLeader.set(leader, [{ ...record, timestamp }])
      else group.push({ ...record, timestamp })
    }
    if (this.#options.transactionalId !== undefined) this.#begin()
    const sent = [...byLeader].map(([leader, group]) =>
      this.#track(this.#connection.ask(leader, 'send', this.#write(group))),
    )
    await Promise.all(sent)
  }

  async commit(group?: {
    readonly member: MemberIdentity
    readonly offsets: readonly PartitionOffset[]
  }): Promise<void> {
    await this.#written()
    if (this.#failure !== undefined) throw this.#failure.error
    if (group !== undefined && group.offsets.length > 0) await this.#sendOffsets(group.member, group.offsets)
    if (!this.#hasBegun) return
    await this.#end('commit')
    this.#hasBegun = false
  }

  async abort(): Promise<void> {
    await this.#written()
    this.#failure = undefined
    if (!this.#hasBegun) return
    await this.#end('abort')
    this.#hasBegun = false
  }

  async close(): Promise<void> {}

  #begin(): ProducerIdentity {
    if (this.#identity === undefined) throw new KafkaError('other', 'a transactional producer has to be opened first')
    this.#hasBegun = true
    return this.#identity
  }

  async #track(sent: Promise<void>): Promise<void> {
    this.#sending.add(sent)
    try {
      await sent
    } catch (error) {
      this.#failure ??= { error }
      throw error
    } finally {
      this.#sending.delete(sent)
    }
  }

  async #written(): Promise<void> {
    await Promise.allSettled(this.#sending)
  }

  /** What the broker does, however often it is asked to: records of a transaction are numbered, and a broker sees which it has. */
  #write(records: readonly OutgoingRecord[]): () => void | Promise<void> {
    const identity = this.#identity
    if (identity === undefined) return () => this.#cluster.write(records, (log, record) => log.append(record))
    let isWritten = false
    return () =>
      this.#cluster.transactions.write(identity, (take) => {
        if (!isWritten) this.#cluster.write(records, (log, record) => log.append(record, take(log)))
        isWritten = true
      })
  }

  async #sendOffsets(member: MemberIdentity, offsets: readonly PartitionOffset[]): Promise<void> {
    const identity = this.#begin()
    const { groupId } = member
    await this.#connection.ask(this.#cluster.coordinatorOf(groupId), 'sendOffsets', () => {
      const group = this.#cluster.group(groupId)
      return this.#cluster.transactions.writeOffsets(identity, group.offsets, () => group.check(member), offsets)
    })
  }

  async #end(operation: 'commit' | 'abort'): Promise<void> {
    const identity = this.#begin()
    await this.#connection.ask(this.#cluster.coordinatorOf(identity.transactionalId), operation, () =>
      this.#cluster.transactions.end(identity, operation === 'commit'),
    )
  }
}
