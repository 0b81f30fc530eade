import type { Fetched, PartitionFeed, TopicPartition } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { Cluster } from './cluster.ts'
import { toClusterError } from './cluster-error.ts'
import { type Decompress, decodeBatches } from './decode-batches.ts'
import type { PartitionAnswer } from './fetch-api.ts'
import type { Fetcher } from './fetcher.ts'

interface Reader {
  resolve(fetched: Fetched): void
  reject(error: unknown): void
}

/** Reads one partition: fetches ahead while what was fetched before is worked on, and not further. */
export class Feed implements PartitionFeed {
  readonly #cluster: Cluster
  readonly #fetcher: Fetcher
  readonly #partition: TopicPartition
  readonly #closing = new AbortController()
  /** What is fetched next. */
  #offset: number
  #end: number | undefined
  #held: Fetched | undefined
  #failure: KafkaError | undefined
  #reader: Reader | undefined
  #wake: (() => void) | undefined

  constructor(cluster: Cluster, fetcher: Fetcher, partition: TopicPartition, offset: number) {
    this.#cluster = cluster
    this.#fetcher = fetcher
    this.#partition = partition
    this.#offset = offset
    fetcher.opened()
    void this.#run()
  }

  get end(): number | undefined {
    return this.#end
  }

  get isBehind(): boolean {
    return this.#held !== undefined || (this.#end !== undefined && this.#offset < this.#end)
  }

  read(): Fetched | Promise<Fetched> {
    const held = this.#held
    if (held !== undefined) {
      this.#held = undefined
      this.#wake?.()
      return held
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  close(): void {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    this.#fetcher.closed()
    this.#held = undefined
    this.#reader = undefined
    this.#wake?.()
  }

  /** Nothing is said any more, not even what has failed. */
  get #isClosed(): boolean {
    return this.#closing.signal.aborted || this.#cluster.signal.aborted
  }

  async #run(): Promise<void> {
    const { topic, partition } = this.#partition
    const signals = [this.#closing.signal]
    try {
      while (!this.#isClosed) {
        const what = `fetch ${topic}-${partition} at ${this.#offset}`
        const answer = await this.#cluster.retrying(what, () => this.#fetch(), { signals })
        if (!this.#isClosed) await this.#take(answer)
      }
    } catch (error) {
      if (this.#isClosed) return
      this.#failure = error instanceof KafkaError ? error : toClusterError(error)
      this.#reader?.reject(this.#failure)
    }
  }

  async #fetch(): Promise<PartitionAnswer> {
    const { node, topicId } = await this.#cluster.leader(this.#partition)
    // Until the end is known there may be records.
    const isBehind = this.#end === undefined || this.#offset < this.#end
    const { partition } = this.#partition
    return await this.#fetcher.fetch(node, { topicId, partition, offset: this.#offset }, isBehind)
  }

  /** Hands over what has come, or waits until it is taken. */
  async #take({ data, aborted, lastStable }: PartitionAnswer): Promise<void> {
    const { records, next } = decodeBatches(
      data,
      { ...this.#partition, offset: this.#offset, aborted },
      this.#decompress,
    )
    this.#end = lastStable
    if (next === this.#offset) return
    this.#offset = next
    const fetched = { records, next, end: lastStable }
    const reader = this.#reader
    if (reader !== undefined) {
      this.#reader = undefined
      reader.resolve(fetched)
      return
    }
    this.#held = fetched
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }

  readonly #decompress: Decompress = (codec, data) => {
    const algorithms: Readonly<Record<string, { decompressSync(data: Buffer): Buffer }>> =
      this.#cluster.client.compressionsAlgorithmsByBitmask
    const algorithm = algorithms[codec]
    if (algorithm === undefined) throw new RangeError(`a codec with the number ${codec}`)
    return algorithm.decompressSync(data)
  }
}
