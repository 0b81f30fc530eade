import type { ProducerOptions } from '../driver.ts'
import type { Cluster } from './cluster.ts'

/** Who writes, as the brokers know it. */
export interface Identity {
  readonly producerId: bigint
  readonly epoch: number
}

/** ms */
const usualTimeout = 60_000

const nobody: Identity = { producerId: -1n, epoch: -1 }

/** Who a producer is. The broker is asked when it matters, and again when it has been forgotten. */
export class ProducerIdentity {
  readonly #cluster: Cluster
  readonly #options: ProducerOptions
  readonly #signal: AbortSignal
  #current: Promise<Identity> | undefined
  /** What it goes on from. */
  #former: Identity = nobody

  constructor(cluster: Cluster, options: ProducerOptions, signal: AbortSignal) {
    this.#cluster = cluster
    this.#options = options
    this.#signal = signal
  }

  current(): Promise<Identity> {
    if (this.#current === undefined) {
      const current = this.#ask()
      this.#current = current
      current.catch(() => {
        if (this.#current === current) this.#current = undefined
      })
    }
    return this.#current
  }

  /**
   * From now on it has a new epoch, and counts its batches anew. Of a transactional one it is the epoch after its own: if somebody else has
   * taken the id meanwhile, it is fenced.
   */
  renew(): void {
    this.#current = undefined
  }

  /** From now on it takes the place of whoever has the transactional id. */
  replace(): void {
    this.#current = undefined
    this.#former = nobody
  }

  async #ask(): Promise<Identity> {
    const { initProducerIdV3, initProducerIdV4 } = this.#cluster.client
    const { transactionalId, transactionTimeout = usualTimeout } = this.#options
    const { producerId, epoch } = transactionalId === undefined ? nobody : this.#former
    const ask = async (): Promise<Identity> => {
      const node =
        transactionalId === undefined ? 'any' : await this.#cluster.coordinator('transaction', transactionalId)
      const apis = [initProducerIdV4.api, initProducerIdV3.api]
      const id = transactionalId ?? null
      const answer = await this.#cluster.call({ node }, apis, id, transactionTimeout, producerId, epoch)
      return { producerId: answer.producerId, epoch: answer.producerEpoch }
    }
    const what = `open producer ${transactionalId ?? ''}`.trimEnd()
    this.#former = await this.#cluster.retrying(what, ask, { signals: [this.#signal] })
    return this.#former
  }
}
