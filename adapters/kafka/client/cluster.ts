import type { API } from '@platformatic/kafka'
import { type Clock, realClock } from '../../../lib/clock.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import type { TopicPartition, Trouble } from '../driver.ts'
import { ClusterError, toClusterError } from './cluster-error.ts'
import type { Address, Link } from './link.ts'
import { Links } from './links.ts'
import type { KafkaClient } from './load-client.ts'
import { type Leader, Metadata, type MetadataAnswer, type Topic } from './metadata.ts'
import { retry } from './retry.ts'

/** Which broker to ask, and how. */
export interface Place {
  /** Its id, or any. */
  readonly node: number | 'any'
  /** Requests that are answered late have connections of their own, since a broker answers one after the other on each. */
  readonly channel?: string
  /** ms until there is no hope of an answer; 30,000 unless given. */
  readonly timeout?: number
}

/** After these the leaders of partitions are looked up anew. */
const moved = codes(
  'UNKNOWN_TOPIC_OR_PARTITION UNKNOWN_TOPIC_ID INCONSISTENT_TOPIC_ID LEADER_NOT_AVAILABLE NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE FENCED_LEADER_EPOCH UNKNOWN_LEADER_EPOCH KAFKA_STORAGE_ERROR LISTENER_NOT_FOUND',
  'NOT_CONTROLLER BROKER_NOT_AVAILABLE NETWORK',
)

/** After these the coordinators are. */
const displaced = codes('NOT_COORDINATOR COORDINATOR_NOT_AVAILABLE COORDINATOR_LOAD_IN_PROGRESS NETWORK')

/** The brokers of a cluster: who they are, which of them is to be asked, and the connections to them. */
export class Cluster {
  readonly client: KafkaClient
  readonly clock: Clock
  readonly #onTrouble: (trouble: Trouble) => void
  readonly #bootstrap: readonly Address[]
  readonly #metadata = new Metadata()
  readonly #links: Links
  readonly #coordinators = new Map<string, Promise<number>>()
  readonly #closing = new AbortController()
  #refresh: Promise<MetadataAnswer> | undefined
  #wanted = new Set<string>()

  constructor(
    client: KafkaClient,
    options: ConnectionOptions,
    onTrouble: (trouble: Trouble) => void,
    clock: Clock = realClock,
  ) {
    this.client = client
    this.clock = clock
    this.#links = new Links(client, options, clock)
    this.#onTrouble = onTrouble
    this.#bootstrap = options.brokers.map(toAddress)
  }

  /** Aborted by `close`. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /**
   * Does something until it is done, or fails with what does not go away by itself: see `retry`. What is known of leaders and coordinators
   * is forgotten when a failure says that it is no longer true, so `work` must ask for it each time.
   *
   * @param signals any of them ends the waiting, as `close` does
   * @param also codes that go away by themselves here
   */
  async retrying<Result>(
    what: string,
    work: () => Promise<Result>,
    { signals = [], also = [] }: { readonly signals?: readonly AbortSignal[]; readonly also?: readonly string[] } = {},
  ): Promise<Result> {
    return await retry(what, work, this.clock, {
      signals: [...signals, this.signal],
      also,
      onFailure: (error) => this.forget(error),
      onTrouble: this.#onTrouble,
    })
  }

  /** Forgets what an error has shown to be no longer true. */
  forget({ code }: ClusterError): void {
    if (moved.has(code)) this.#metadata.forgetTopics()
    if (displaced.has(code)) this.#coordinators.clear()
    if (code === 'NETWORK') this.#links.lose()
  }

  /**
   * One request, once, by the first of these versions that the broker knows.
   *
   * @throws ClusterError
   */
  async call<Args extends unknown[], Answer>(
    place: Place,
    apis: readonly API<Args, Answer>[],
    ...args: Args
  ): Promise<Answer> {
    try {
      const link = await this.#linkTo(place)
      return await link.ask(apis, args, place.timeout ?? 30_000)
    } catch (error) {
      throw toClusterError(error)
    }
  }

  /**
   * @param isFresh as it is now, and not as it was when it was looked up last
   * @throws ClusterError `unknown-topic`
   */
  async topic(name: string, { isFresh = false }: { readonly isFresh?: boolean } = {}): Promise<Topic> {
    const known = this.#metadata.topic(name)
    if (known !== undefined && !isFresh) return known
    await this.#look([name])
    const found = this.#metadata.topic(name)
    if (found !== undefined) return found
    throw new ClusterError('unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', true, `there is no topic '${name}'`)
  }

  /** @throws ClusterError `unknown-topic`; retriable where a partition has no leader */
  async leader({ topic, partition }: TopicPartition): Promise<Leader> {
    const { id, leaders } = await this.topic(topic)
    const node = leaders[partition]
    if (node === undefined) {
      const message = `there is no partition ${partition} of topic '${topic}'`
      throw new ClusterError('unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', true, message)
    }
    if (node >= 0) return { node, topicId: id }
    throw new ClusterError('unavailable', 'LEADER_NOT_AVAILABLE', true, `${topic}-${partition} has no leader`)
  }

  /** The broker that keeps a group or a transactional id. */
  coordinator(kind: 'group' | 'transaction', key: string): Promise<number> {
    const name = `${kind} ${key}`
    let found = this.#coordinators.get(name)
    if (found === undefined) {
      found = this.#findCoordinator(kind, key)
      this.#coordinators.set(name, found)
      found.catch(() => this.#coordinators.delete(name))
    }
    return found
  }

  /** The broker that makes topics. */
  async controller(): Promise<number> {
    if (this.#metadata.controller < 0) await this.#look([])
    return this.#metadata.controller
  }

  /** Tells of trouble that is tried to be got over elsewhere than in `retrying`. */
  tell(trouble: Trouble): void {
    this.#onTrouble(trouble)
  }

  /** Closes the connections of a channel: what has been asked on them and not answered fails. */
  hangUp(channel: string): void {
    this.#links.hangUp(channel)
  }

  /** What is waited for fails. */
  close(): void {
    this.#closing.abort()
    this.#links.close()
  }

  async #findCoordinator(kind: 'group' | 'transaction', key: string): Promise<number> {
    const { findCoordinatorV4, findCoordinatorV5, findCoordinatorV6 } = this.client
    const apis = [findCoordinatorV6.api, findCoordinatorV5.api, findCoordinatorV4.api]
    const { coordinators } = await this.call({ node: 'any' }, apis, kind === 'group' ? 0 : 1, [key])
    const [found] = coordinators
    if (found === undefined) throw new ClusterError('unavailable', 'COORDINATOR_NOT_AVAILABLE', true, `${kind} ${key}`)
    this.#metadata.takeBroker(found.nodeId, found)
    return found.nodeId
  }

  /** Asks for topics, in one request for all who ask meanwhile. */
  async #look(names: readonly string[]): Promise<void> {
    for (const name of names) this.#wanted.add(name)
    this.#refresh ??= this.#ask()
    const answer = await this.#refresh
    const refused = answer.topics.find(
      ({ name, errorCode }) => errorCode === 29 && name != null && names.includes(name),
    )
    if (refused !== undefined)
      throw new ClusterError(
        'refused',
        'TOPIC_AUTHORIZATION_FAILED',
        false,
        `not allowed to see topic '${refused.name}'`,
      )
  }

  async #ask(): Promise<MetadataAnswer> {
    // Whoever asks in the same turn is in the same request.
    await Promise.resolve()
    const names = [...this.#wanted]
    this.#wanted = new Set()
    this.#refresh = undefined
    const answer = await this.#metadataOf(names)
    this.#metadata.take(answer)
    return answer
  }

  async #metadataOf(names: string[]): Promise<MetadataAnswer> {
    const { metadataV12 } = this.client
    try {
      return await this.call({ node: 'any' }, [metadataV12.api], names, false, false)
    } catch (error) {
      // What is wrong with one topic is no reason to know nothing of the others. It may be the answer to who this is, though.
      const { response } = toClusterError(error)
      if (typeof response === 'object' && response !== null && 'brokers' in response) return response as MetadataAnswer
      throw error
    }
  }

  async #linkTo({ node, channel = '' }: Place): Promise<Link> {
    if (node === 'any') return await this.#links.toAny([...this.#metadata.brokers.values(), ...this.#bootstrap])
    if (!this.#metadata.brokers.has(node)) await this.#look([])
    const address = this.#metadata.brokers.get(node)
    if (address !== undefined) return await this.#links.to(address, channel)
    throw new ClusterError('unavailable', 'BROKER_NOT_AVAILABLE', true, `broker ${node} is not there`)
  }
}

function codes(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')))
}

function toAddress(broker: string): Address {
  const colon = broker.lastIndexOf(':')
  return { host: broker.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(broker.slice(colon + 1)) }
}
