import type { API } from '@platformatic/kafka'
import { answeredWithCode } from './answered-with-code.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterError } from './cluster-error.ts'
import {
  type FetchAnswer,
  fetchApis,
  type FetchRequest,
  type PartitionAnswer,
  type WantedPartition,
} from './fetch-api.ts'
import { Lane } from './lane.ts'

/** ms. How long a broker waits for a record: when all feeds wait, and when one may come to ask meanwhile. */
const longWait = 500
const shortWait = 50

/**
 * Fetches for all feeds, in one request a broker. Those known to have records and those that wait for some ask by connections of their own:
 * a broker that waits with its answer would make the others wait too.
 */
export class Fetcher {
  readonly #cluster: Cluster
  readonly #apis: readonly API<[FetchRequest], FetchAnswer>[]
  readonly #lanes = new Map<string, Lane<WantedPartition, PartitionAnswer>>()
  /** Feeds that are open, and those of them that wait at the end of their partition. */
  #open = 0
  #atEnd = 0

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#apis = fetchApis(cluster.client)
  }

  opened(): void {
    this.#open += 1
  }

  closed(): void {
    this.#open -= 1
  }

  /** What there is, perhaps nothing. */
  async fetch(node: number, wanted: WantedPartition, isBehind: boolean): Promise<PartitionAnswer> {
    if (isBehind) return await this.#lane(node, 'fetch').add(wanted)
    this.#atEnd += 1
    try {
      return await this.#lane(node, 'wait').add(wanted)
    } finally {
      this.#atEnd -= 1
    }
  }

  #lane(node: number, channel: 'fetch' | 'wait'): Lane<WantedPartition, PartitionAnswer> {
    const name = `${channel} ${node}`
    let lane = this.#lanes.get(name)
    if (lane === undefined) {
      lane = new Lane((wanted) => this.#ask(node, channel, wanted), { clock: this.#cluster.clock })
      this.#lanes.set(name, lane)
    }
    return lane
  }

  async #ask(
    node: number,
    channel: 'fetch' | 'wait',
    partitions: readonly WantedPartition[],
  ): Promise<(PartitionAnswer | ClusterError)[]> {
    const wait = channel === 'wait' && this.#atEnd === this.#open ? longWait : shortWait
    const answer = await this.#cluster.call({ node, channel }, this.#apis, { wait, partitions })
    if (answer.errorCode !== 0) throw answeredWithCode(this.#cluster.client, answer.errorCode)
    const found = new Map(answer.partitions.map((one) => [`${one.topicId} ${one.partition}`, one]))
    return partitions.map(({ topicId, partition }) => {
      const one = found.get(`${topicId} ${partition}`)
      if (one === undefined) return answeredWithCode(this.#cluster.client, unknownServerError)
      return one.errorCode === 0 ? one : answeredWithCode(this.#cluster.client, one.errorCode)
    })
  }
}

const unknownServerError = -1
