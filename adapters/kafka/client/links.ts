import type { Clock } from '../../../lib/clock.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import { ClusterError } from './cluster-error.ts'
import { type Address, Link } from './link.ts'
import type { KafkaClient } from './load-client.ts'

/** The connections to brokers: one to each for each channel, made when it is asked for, and again when it was lost. */
export class Links {
  readonly #client: KafkaClient
  readonly #options: ConnectionOptions
  readonly #clock: Clock
  readonly #links = new Map<string, Promise<Link>>()
  #losses = 0
  readonly #closing = new AbortController()

  constructor(client: KafkaClient, options: ConnectionOptions, clock: Clock) {
    this.#client = client
    this.#options = options
    this.#clock = clock
  }

  async to(address: Address, channel: string): Promise<Link> {
    if (this.#closing.signal.aborted) throw new ClusterError('unavailable', 'CLOSED', false, 'closed')
    const name = `${address.host}:${address.port} ${channel}`
    let link = this.#links.get(name)
    if (link === undefined) {
      const forget = (): void => void (this.#links.get(name) === link && this.#links.delete(name))
      link = Link.open(this.#client, this.#options, address, this.#clock, forget, this.#closing.signal)
      this.#links.set(name, link)
      link.catch(forget)
    }
    return await link
  }

  /** One to any of these: the one as before, unless something was wrong since. */
  async toAny(addresses: readonly Address[]): Promise<Link> {
    const first = this.#losses % addresses.length
    let failure: unknown
    for (const address of [...addresses.slice(first), ...addresses.slice(0, first)]) {
      try {
        return await this.to(address, '')
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  /** A broker has not answered: others may. */
  lose(): void {
    this.#losses += 1
  }

  /** Closes the connections of a channel: what has been asked on them and not answered fails. */
  hangUp(channel: string): void {
    for (const [name, link] of this.#links) {
      if (!name.endsWith(` ${channel}`)) continue
      this.#links.delete(name)
      link.then((open) => open.close()).catch(() => {})
    }
  }

  close(): void {
    this.#closing.abort()
    for (const link of this.#links.values()) link.then((open) => open.close()).catch(() => {})
  }
}
