import type { API } from '@platformatic/kafka'
import { answeredWithCode } from './answered-with-code.ts'
import type { Cluster } from './cluster.ts'
import type { ClusterError } from './cluster-error.ts'
import { Lane } from './lane.ts'
import { type Parcel, produceApis, type ProduceRequest, type Receipt } from './produce-api.ts'

/** Requests under way to one broker, and batches in each. */
const width = 3
const most = 16

/** Batches on their way: those for the same broker share requests. */
export class BatchLanes {
  readonly #cluster: Cluster
  readonly #transactionalId: string | undefined
  readonly #apis: readonly API<[ProduceRequest], readonly Receipt[]>[]
  readonly #lanes = new Map<number, Lane<Parcel, Receipt>>()

  constructor(cluster: Cluster, transactionalId: string | undefined) {
    this.#cluster = cluster
    this.#transactionalId = transactionalId
    this.#apis = produceApis(cluster.client)
  }

  /** Once, to the leader of the partition. A batch that is there already is no failure. */
  async deliver(parcel: Parcel): Promise<void> {
    const { node } = await this.#cluster.leader(parcel)
    let lane = this.#lanes.get(node)
    if (lane === undefined) {
      lane = new Lane((parcels) => this.#ask(node, parcels), { clock: this.#cluster.clock, most, width })
      this.#lanes.set(node, lane)
    }
    await lane.add(parcel)
  }

  async #ask(node: number, parcels: readonly Parcel[]): Promise<(Receipt | ClusterError)[]> {
    const request = { transactionalId: this.#transactionalId, parcels }
    const place = { node, channel: 'produce', timeout: 60_000 }
    const receipts = await this.#cluster.call(place, this.#apis, request)
    const found = new Map(receipts.map((one) => [`${one.partition} ${one.topic}`, one]))
    return parcels.map(({ topic, partition }) => {
      const receipt = found.get(`${partition} ${topic}`)
      if (receipt === undefined) return answeredWithCode(this.#cluster.client, unknownServerError)
      if (receipt.errorCode === 0 || receipt.errorCode === duplicateSequence) return receipt
      return answeredWithCode(this.#cluster.client, receipt.errorCode, receipt.message)
    })
  }
}

const unknownServerError = -1
const duplicateSequence = 46
