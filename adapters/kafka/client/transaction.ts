import type { MemberIdentity, PartitionOffset, TopicPartition } from '../driver.ts'
import type { Cluster } from './cluster.ts'
import { groupBy } from './group-by.ts'
import { offsetsByTopic } from './group-offsets.ts'
import { Lane } from './lane.ts'
import type { Identity } from './producer-identity.ts'

/** One transaction: what is in it, and how it ends. */
export class Transaction {
  readonly #cluster: Cluster
  readonly #id: string
  readonly #identity: () => Promise<Identity>
  readonly #giveUp: AbortController = new AbortController()
  readonly #joined = new Map<string, Promise<true>>()
  readonly #lane: Lane<TopicPartition, true>
  #hasBegun = false
  /** Why it can't be committed any more. */
  failure: Error | undefined

  constructor(cluster: Cluster, id: string, identity: () => Promise<Identity>) {
    this.#cluster = cluster
    this.#id = id
    this.#identity = identity
    this.#lane = new Lane((partitions) => this.#add(partitions), { clock: cluster.clock })
  }

  /** The broker has been told of it, or may have been. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Aborted when nobody wants it to be committed any more. */
  get signal(): AbortSignal {
    return this.#giveUp.signal
  }

  /** Resolves when the coordinator knows that a partition is in it: nothing may be written there before. */
  async join({ topic, partition }: TopicPartition): Promise<void> {
    this.#hasBegun = true
    const name = `${partition} ${topic}`
    let joined = this.#joined.get(name)
    if (joined === undefined) {
      joined = this.#lane.add({ topic, partition })
      this.#joined.set(name, joined)
    }
    await joined
  }

  /** Puts offsets of a group into it, as the member that has the partitions. */
  async addOffsets(
    { groupId, memberId, generation, instanceId }: MemberIdentity,
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    this.#hasBegun = true
    const { addOffsetsToTxnV3, txnOffsetCommitV3 } = this.#cluster.client
    const { producerId, epoch } = await this.#identity()
    await this.#retrying('add offsets', async () => {
      const node = await this.#coordinator()
      await this.#cluster.call({ node }, [addOffsetsToTxnV3.api], this.#id, producerId, epoch, groupId)
    })
    const topics = offsetsByTopic(offsets)
    await this.#retrying('commit offsets', async () => {
      const node = await this.#cluster.coordinator('group', groupId)
      const member = [generation, memberId, instanceId ?? null] as const
      const apis = [txnOffsetCommitV3.api]
      await this.#cluster.call({ node }, apis, this.#id, groupId, producerId, epoch, ...member, topics)
    })
  }

  async end(isCommitted: boolean): Promise<void> {
    const { producerId, epoch } = await this.#identity()
    const { endTxnV3 } = this.#cluster.client
    // Also when it has been given up: a transaction that stays open holds up all who read.
    await this.#cluster.retrying(`${isCommitted ? 'commit' : 'abort'} of ${this.#id}`, async () => {
      const node = await this.#coordinator()
      await this.#cluster.call({ node }, [endTxnV3.api], this.#id, producerId, epoch, isCommitted)
    })
  }

  giveUp(): void {
    this.#giveUp.abort()
  }

  async #add(partitions: readonly TopicPartition[]): Promise<true[]> {
    const { producerId, epoch } = await this.#identity()
    const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map(({ partition }) => partition),
    }))
    const request = {
      transactionalId: this.#id,
      producerId,
      producerEpoch: epoch,
      verifyOnly: false,
      topics,
    }
    await this.#retrying('add partitions', async () => {
      const node = await this.#coordinator()
      await this.#cluster.call({ node }, [this.#cluster.client.addPartitionsToTxnV3.api], [request])
    })
    return partitions.map(() => true)
  }

  #coordinator(): Promise<number> {
    return this.#cluster.coordinator('transaction', this.#id)
  }

  async #retrying(what: string, work: () => Promise<void>): Promise<void> {
    await this.#cluster.retrying(`${what} to the transaction of ${this.#id}`, work, {
      signals: [this.signal],
      also: ['REBALANCE_IN_PROGRESS'],
    })
  }
}
