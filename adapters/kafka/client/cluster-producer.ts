import type { MemberIdentity, PartitionOffset, Producer, ProducerOptions } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import { BatchLanes } from './batch-lanes.ts'
import type { Cluster } from './cluster.ts'
import { toClusterError } from './cluster-error.ts'
import { Delivery } from './delivery.ts'
import { encodeBatch } from './encode-batch.ts'
import { PartitionWriter } from './partition-writer.ts'
import { type Identity, ProducerIdentity } from './producer-identity.ts'
import { Transaction } from './transaction.ts'

/** Offsets that a transaction commits, and in whose name. */
interface GroupOffsets {
  readonly member: MemberIdentity
  readonly offsets: readonly PartitionOffset[]
}

/**
 * Writes each record once: every batch has a number, and goes out again with the same number until the broker has it. What can't be written
 * leaves a gap in the numbers that nobody can be sure of, so that a new epoch begins after it.
 */
export class ClusterProducer implements Producer {
  readonly #cluster: Cluster
  readonly #options: ProducerOptions
  readonly #lanes: BatchLanes
  readonly #writers = new Map<string, PartitionWriter[]>()
  readonly #closing = new AbortController()
  readonly #identity: ProducerIdentity
  /** What has been sent and is not settled. */
  readonly #unsettled = new Set<Promise<void>>()
  /** Batches under way. */
  readonly #underWay = new Set<Promise<void>>()
  #transaction: Transaction | undefined
  /** The end of a transaction under way. */
  #ending: Promise<void> | undefined

  constructor(cluster: Cluster, options: ProducerOptions) {
    this.#cluster = cluster
    this.#options = options
    this.#lanes = new BatchLanes(cluster, options.transactionalId)
    this.#identity = new ProducerIdentity(cluster, options, this.#closing.signal)
  }

  async open(): Promise<void> {
    await this.#giveUp('the producer was opened anew', async () => {
      this.#transaction = undefined
      this.#identity.replace()
      await this.#identity.current()
    })
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    // What is sent while a transaction ends is of the next one.
    while (this.#ending !== undefined) await this.#ending
    if (this.#closing.signal.aborted) throw new KafkaError('unavailable', 'the producer is closed')
    const transaction = this.#begun()
    if (transaction?.failure !== undefined) throw transaction.failure
    const delivery = new Delivery()
    for (const record of records) this.#writerOf(record).push(record, delivery)
    delivery.complete()
    this.#unsettled.add(delivery.settled)
    try {
      await delivery.settled
    } finally {
      this.#unsettled.delete(delivery.settled)
    }
  }

  async commit(group?: GroupOffsets): Promise<void> {
    while (this.#ending !== undefined) await this.#ending
    await this.#end(async () => {
      await Promise.allSettled(this.#unsettled)
      const hasOffsets = group !== undefined && group.offsets.length > 0
      const transaction = hasOffsets ? this.#begun() : this.#transaction
      if (transaction === undefined) return
      try {
        if (transaction.failure !== undefined) throw transaction.failure
        if (hasOffsets) await transaction.addOffsets(group.member, group.offsets)
        if (transaction.hasBegun) await transaction.end(true)
      } catch (error) {
        transaction.failure ??= toClusterError(error)
        throw error
      }
      this.#transaction = undefined
    })
  }

  async abort(): Promise<void> {
    await this.#giveUp('the transaction was aborted', async () => {
      const transaction = this.#transaction
      if (transaction === undefined) return
      try {
        if (transaction.hasBegun) await transaction.end(false)
      } catch (thrown) {
        const error = toClusterError(thrown)
        transaction.failure = error
        // Unless there was just nothing to abort, only `open` may go on: a new epoch would be at the cost of whoever has the id now.
        if (error.code !== 'INVALID_TXN_STATE') return
      }
      // What has become of the last batches is not sure: their numbers must not be used again.
      if (transaction.failure !== undefined) this.#identity.renew()
      this.#transaction = undefined
    })
  }

  close(): Promise<void> {
    this.#closing.abort()
    for (const writer of this.#allWriters()) writer.drop(new KafkaError('unavailable', 'the producer is closed'))
    return Promise.resolve()
  }

  #begun(): Transaction | undefined {
    const { transactionalId } = this.#options
    if (transactionalId === undefined) return undefined
    this.#transaction ??= new Transaction(this.#cluster, transactionalId, () => this.#identity.current())
    return this.#transaction
  }

  /** Does what ends a transaction, while the next one waits. */
  async #end(work: () => Promise<void>): Promise<void> {
    const ended = work()
    // Whoever waits goes on before the one that has ended it.
    const over = (): void => {
      if (this.#ending === ending) this.#ending = undefined
    }
    const ending: Promise<void> = ended.then(over, over)
    this.#ending = ending
    await ending
    await ended
  }

  /** Gives up what has been sent and is not written yet; goes on when nothing of it is on its way. */
  async #giveUp(why: string, goOn: () => Promise<void>): Promise<void> {
    const before = this.#ending
    this.#transaction?.giveUp()
    for (const writer of this.#allWriters()) writer.drop(new KafkaError('other', why))
    await this.#end(async () => {
      await before
      await Promise.allSettled(this.#underWay)
      await goOn()
    })
  }

  async #write(writer: PartitionWriter, records: readonly OutgoingRecord[]): Promise<void> {
    const written = this.#deliver(writer, records, this.#transaction)
    this.#underWay.add(written)
    try {
      await written
    } finally {
      this.#underWay.delete(written)
    }
  }

  async #deliver(
    writer: PartitionWriter,
    records: readonly OutgoingRecord[],
    transaction: Transaction | undefined,
  ): Promise<void> {
    try {
      if (transaction?.failure !== undefined) throw transaction.failure
      const identity = await this.#identity.current()
      await transaction?.join(writer)
      if (writer.owner !== identity) {
        writer.owner = identity
        writer.sequence = 0
      }
      const parcel = {
        topic: writer.topic,
        partition: writer.partition,
        batch: this.#encode(writer, records, identity),
      }
      const signals = [this.#closing.signal, ...(transaction === undefined ? [] : [transaction.signal])]
      const what = `write ${writer.topic}-${writer.partition}`
      await this.#cluster.retrying(what, () => this.#lanes.deliver(parcel), { signals })
      writer.sequence = (writer.sequence + records.length) % 2 ** 31
    } catch (thrown) {
      const error = toClusterError(thrown)
      const isTriedInParts = error.kind === 'too-large' && records.length > 1
      if (transaction === undefined && !isTriedInParts) this.#identity.renew()
      if (transaction !== undefined && !isTriedInParts) transaction.failure ??= error
      throw error
    }
  }

  #encode(writer: PartitionWriter, records: readonly OutgoingRecord[], { producerId, epoch }: Identity): Buffer {
    const { client, clock } = this.#cluster
    const algorithm = client.compressionsAlgorithms[this.#options.compression ?? 'none']
    const head = {
      producerId: Number(producerId),
      epoch,
      sequence: writer.sequence,
      isTransactional: this.#options.transactionalId !== undefined,
      now: clock.now(),
    }
    const codec = { bitmask: algorithm.bitmask, compress: (data: Buffer) => algorithm.compressSync(data) }
    return encodeBatch(records, head, codec, (data) => client.crc32c(data))
  }

  #writerOf({ topic, partition }: OutgoingRecord): PartitionWriter {
    let ofTopic = this.#writers.get(topic)
    if (ofTopic === undefined) {
      ofTopic = []
      this.#writers.set(topic, ofTopic)
    }
    return (ofTopic[partition] ??= new PartitionWriter({ topic, partition }, (writer, records) =>
      this.#write(writer, records),
    ))
  }

  /** Those that there are. */
  #allWriters(): PartitionWriter[] {
    return [...this.#writers.values()].flat()
  }
}
