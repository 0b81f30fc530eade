import type { Socket } from 'node:net'
import type { API, Connection } from '@platformatic/kafka'
import type { Clock } from '../../../lib/clock.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import { ClusterError } from './cluster-error.ts'
import type { KafkaClient } from './load-client.ts'

/** Host and port of a broker. */
export interface Address {
  readonly host: string
  readonly port: number
}

type Versions = ReadonlyMap<number, { readonly minVersion: number; readonly maxVersion: number }>

/** ms. How long a broker may take until it is ready for requests. */
const patience = 10_000

/** One connection to a broker, and what it can be asked. */
export class Link {
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #versions: Versions

  private constructor(connection: Connection, clock: Clock, versions: Versions) {
    this.#connection = connection
    this.#clock = clock
    this.#versions = versions
  }

  /** Connects, and says who it is. */
  static async open(
    client: KafkaClient,
    { clientId = 'tidemark', sasl, tls }: ConnectionOptions,
    { host, port }: Address,
    clock: Clock,
    onClose: () => void,
    signal: AbortSignal,
  ): Promise<Link> {
    const connection = new client.Connection(clientId, {
      ...(sasl === undefined ? {} : { sasl }),
      ...(tls === undefined || tls === false ? {} : { tls: tls === true ? {} : tls }),
      // Each request has a time limit of its own, which `ask` keeps.
      requestTimeout: 2 ** 31 - 1,
      maxInflights: 1_000,
    })
    // Errors are those of the requests; without a listener Node would take the process down.
    connection.on('error', () => {})
    connection.on('close', onClose)
    // Whoever accepts connections need not be alive.
    const hangUp = (): void => void (connection.socket as Socket | undefined)?.destroy()
    const disarm = clock.at(clock.now() + patience, hangUp)
    signal.addEventListener('abort', hangUp)
    try {
      await connection.connect(host, port)
      const { apiKeys } = await client.apiVersionsV3.api.async(connection, 'tidemark', '1.0')
      return new Link(connection, clock, new Map(apiKeys.map((api) => [api.apiKey, api])))
    } catch (error) {
      hangUp()
      throw error
    } finally {
      disarm()
      signal.removeEventListener('abort', hangUp)
    }
  }

  /** Asks by the first of these versions that the broker knows. */
  async ask<Args extends unknown[], Answer>(
    apis: readonly API<Args, Answer>[],
    args: Args,
    timeout: number,
  ): Promise<Answer> {
    const api = apis.find(({ key, version }) => {
      const known = this.#versions.get(key)
      return known !== undefined && known.minVersion <= version && version <= known.maxVersion
    })
    if (api === undefined) {
      const wanted = apis.map(({ key, version }) => `${key} v${version}`).join(', ')
      throw new ClusterError('other', 'UNSUPPORTED_VERSION', false, `the broker knows none of the requests ${wanted}`)
    }
    // A connection on which an answer is overdue is of no use: with it end all requests on it.
    let isOverdue = false
    const disarm = this.#clock.at(this.#clock.now() + timeout, () => {
      isOverdue = true
      this.close()
    })
    try {
      return await api.async(this.#connection, ...args)
    } catch (error) {
      if (!isOverdue) throw error
      throw new ClusterError('unavailable', 'NETWORK', true, `no answer within ${timeout} ms`, { cause: error })
    } finally {
      disarm()
    }
  }

  /** What has not been answered fails. */
  close(): void {
    this.#connection.socket.destroy()
  }
}
