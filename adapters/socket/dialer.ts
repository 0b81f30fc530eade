import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import type { Clock } from '../../lib/clock.ts'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import { formatDuration } from '../../lib/time.ts'
import type { Backoff } from './backoff.ts'
import type { Connections } from './connections.ts'
import type { SocketAddress } from './socket-address.ts'

/** The time in which there has to be a connection, with its handshake, in ms. */
const patience = 30_000

/** Makes one connection after the other to the same server. */
export class Dialer {
  readonly #address: SocketAddress
  readonly #peer: string
  readonly #tls: ConnectionOptions | undefined
  readonly #backoff: Backoff | undefined
  readonly #clock: Clock
  readonly #connections: Connections
  /** Tries in a row that gave no line. */
  #failures = 0
  #socket: Socket | undefined
  #disarm: () => void = () => {}
  #isClosed = false

  /** @param backoff undefined for one connection only */
  constructor(
    address: SocketAddress,
    peer: string,
    tls: ConnectionOptions | undefined,
    backoff: Backoff | undefined,
    clock: Clock,
    connections: Connections,
  ) {
    this.#address = address
    this.#peer = peer
    this.#tls = tls
    this.#backoff = backoff
    this.#clock = clock
    this.#connections = connections
  }

  dial(): void {
    const socket = this.#open()
    this.#socket = socket
    this.#disarm = this.#clock.at(this.#clock.now() + patience, () => {
      socket.destroy(new Error(`nothing within ${formatDuration(patience)}`))
    })
    const onError = (error: Error): void => {
      this.#disarm()
      const reason = `no connection: ${messageOf(error)}`
      this.#connections.refuse({ source: this.#peer, number: 0, offset: 0, byteLength: 0, reason })
      this.#again(false, error)
    }
    socket.once('error', onError)
    socket.once(this.#tls === undefined ? 'connect' : 'secureConnect', () => {
      this.#disarm()
      socket.off('error', onError)
      this.#connections.add(socket, this.#peer, ({ hasSpoken }) => this.#again(hasSpoken))
    })
  }

  close(): void {
    this.#isClosed = true
    this.#disarm()
    this.#socket?.destroy()
  }

  #open(): Socket {
    const { path, port, host = '127.0.0.1' } = this.#address
    const to = path === undefined ? { port, host } : { path }
    if (this.#tls === undefined) return connectPlain(to)
    const name = path === undefined && isIP(host) === 0 ? { servername: host } : {}
    return connectTls({ ...name, ...this.#tls, ...to })
  }

  /** @param failure why there was no connection, if there was none */
  #again(hasSpoken: boolean, failure?: Error): void {
    if (this.#isClosed) return
    this.#failures = hasSpoken ? 0 : this.#failures + 1
    const backoff = this.#backoff
    if (backoff === undefined) {
      this.#connections.end(failure === undefined ? {} : { failure })
      return
    }
    if (this.#failures >= backoff.attempts) {
      const came = failure === undefined ? 'connections without one' : messageOf(failure)
      const message = `connect(${this.#peer}): expected a line within ${backoff.attempts} attempts, got ${came}`
      this.#connections.end({ failure: new TidemarkError('input', message, { cause: failure }) })
      return
    }
    const wait = backoff.wait(Math.max(1, this.#failures))
    this.#disarm = this.#clock.at(this.#clock.now() + wait, () => this.dial())
  }
}
