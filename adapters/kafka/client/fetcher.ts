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
  /** What is being asked for: two feeds of the same partition can't ask in the same request. */
  readonly #asking = new Set<string>()
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
    let channel = isBehind ? 'fetch' : 'wait'
    while (this.#asking.has(`${channel} ${nameOf(wanted)}`)) channel += '+'
    const name = `${channel} ${nameOf(wanted)}`
    this.#asking.add(name)
    if (!isBehind) this.#atEnd += 1
    try {
      return await this.#lane(node, channel).add(wanted)
    } finally {
      if (!isBehind) this.#atEnd -= 1
      this.#asking.delete(name)
    }
  }

  #lane(node: number, channel: string): Lane<WantedPartition, PartitionAnswer> {
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
    channel: string,
    partitions: readonly WantedPartition[],
  ): Promise<(PartitionAnswer | ClusterError)[]> {
    const wait = channel.startsWith('wait') && this.#atEnd === this.#open ? longWait : shortWait
    const answer = await this.#cluster.call({ node, channel }, this.#apis, { wait, partitions })
    if (answer.errorCode !== 0) throw answeredWithCode(this.#cluster.client, answer.errorCode)
    const found = new Map(answer.partitions.map((one) => [nameOf(one), one]))
    return partitions.map((wanted) => {
      const one = found.get(nameOf(wanted))
      if (one === undefined) return answeredWithCode(this.#cluster.client, unknownServerError)
      return one.errorCode === 0 ? one : answeredWithCode(this.#cluster.client, one.errorCode)
    })
  }
}

const unknownServerError = -1

function nameOf({ topicId, partition }: Omit<WantedPartition, 'offset'>): string {
  return `${topicId} ${partition}`
}
