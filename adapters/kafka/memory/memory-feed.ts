import type { Fetched, PartitionFeed, TopicPartition, Trouble } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { Connection } from './client-process.ts'
import type { Cluster } from './cluster.ts'
import { keyOf } from './group-offsets.ts'

interface Reader {
  readonly resolve: (fetched: Fetched) => void
  readonly reject: (error: unknown) => void
}

/** Reads a partition, an answer ahead. */
export class MemoryFeed implements PartitionFeed {
  end: number | undefined
  readonly #cluster: Cluster
  readonly #connection: Connection
  readonly #partition: TopicPartition
  readonly #onTrouble: (trouble: Trouble) => void
  #next: number
  #attempts = 0
  #held: Fetched | undefined
  #failure: { readonly error: unknown } | undefined
  #reader: Reader | undefined
  #isClosed = false
  #callOff: () => void = () => {}

  constructor(
    cluster: Cluster,
    connection: Connection,
    partition: TopicPartition,
    offset: number,
    onTrouble: (trouble: Trouble) => void,
  ) {
    this.#cluster = cluster
    this.#connection = connection
    this.#partition = partition
    this.#next = offset
    this.#onTrouble = onTrouble
    this.#fetch()
  }

  get isBehind(): boolean {
    return (this.#held?.records.length ?? 0) > 0 || (this.end ?? 0) > this.#next
  }

  read(): Fetched | Promise<Fetched> {
    const held = this.#held
    if (held !== undefined) {
      this.#held = undefined
      this.#fetch()
      return held
    }
    return this.#later()
  }

  close(): void {
    this.#isClosed = true
    this.#held = undefined
    this.#failure = undefined
    this.#callOff()
  }

  async #later(): Promise<Fetched> {
    if (this.#failure !== undefined) throw this.#failure.error
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  #fetch(): void {
    const broker = this.#cluster.leaderOf(this.#partition)
    this.#connection
      .ask(broker, 'fetch', () => this.#answer())
      .then(
        (fetched) => this.#take(fetched),
        (error: unknown) => this.#fail(error),
      )
  }

  /** At the broker: answers when there is something, and says at once when there is nothing yet. */
  async #answer(): Promise<Fetched> {
    const log = this.#cluster.topics.log(this.#partition)
    for (;;) {
      const fetched = log.read(this.#next, this.#cluster.fetchSize())
      if (fetched.next > this.#next || this.#isClosed) return fetched
      this.#connection.tell(() => {
        this.end = fetched.end
      })
      await new Promise<void>((resolve) => {
        this.#callOff = log.onChange(resolve)
      })
    }
  }

  #take(fetched: Fetched): void {
    if (this.#isClosed) return
    this.#attempts = 0
    this.#next = fetched.next
    this.end = fetched.end
    const reader = this.#reader
    this.#reader = undefined
    if (reader === undefined) this.#held = fetched
    else {
      reader.resolve(fetched)
      this.#fetch()
    }
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return
    if (error instanceof KafkaError && error.kind === 'unavailable') {
      this.#attempts += 1
      this.#onTrouble({
        what: `fetch ${keyOf(this.#partition)}`,
        message: error.message,
        attempts: this.#attempts,
      })
      this.#fetch()
      return
    }
    this.#failure = { error }
    this.#reader?.reject(error)
  }
}
