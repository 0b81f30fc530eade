import type { Address } from './link.ts'

/** Where a partition is. */
export interface Leader {
  readonly node: number
  readonly topicId: string
}

/** What is known of a topic. */
export interface Topic {
  readonly name: string
  readonly id: string
  /** The broker that leads each partition; -1 where there is none at the moment. */
  readonly leaders: readonly number[]
}

/** The part of the brokers' answer that is used. */
export interface MetadataAnswer {
  readonly brokers: readonly (Address & { readonly nodeId: number })[]
  readonly controllerId: number
  readonly topics: readonly {
    readonly errorCode: number
    readonly name?: string | null | undefined
    readonly topicId: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly leaderId: number }[]
  }[]
}

/** What is known of the cluster. Topics are known until they are forgotten, brokers until others have come in their place. */
export class Metadata {
  readonly #topics = new Map<string, Topic>()
  #brokers: ReadonlyMap<number, Address> = new Map()
  /** The broker that creates topics. */
  controller = -1

  get brokers(): ReadonlyMap<number, Address> {
    return this.#brokers
  }

  topic(name: string): Topic | undefined {
    return this.#topics.get(name)
  }

  take({ brokers, controllerId, topics }: MetadataAnswer): void {
    this.#brokers = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    this.controller = controllerId
    for (const { errorCode, name, topicId, partitions } of topics) {
      if (name == null) continue
      if (errorCode !== 0) {
        this.#topics.delete(name)
        continue
      }
      const leaders = Array.from<number>({ length: partitions.length }).fill(-1)
      for (const { partitionIndex, leaderId } of partitions) leaders[partitionIndex] = leaderId
      this.#topics.set(name, { name, id: topicId, leaders })
    }
  }

  /** A broker that was named elsewhere. */
  takeBroker(node: number, address: Address): void {
    if (node >= 0) this.#brokers = new Map([...this.#brokers, [node, address]])
  }

  forgetTopics(): void {
    this.#topics.clear()
  }
}
