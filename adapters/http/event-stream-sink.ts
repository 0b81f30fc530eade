import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Sink } from '../../lib/sink.ts'
import { callbackError } from '../../lib/callback-error.ts'
import { bound, type BoundAddress, closed } from '../socket/server.ts'
import type { SocketAddress } from '../socket/socket-address.ts'
import { type HttpSettings, httpServer, peerOf, statusOf } from './http-server.ts'

/** Validated. */
export interface EventStreamSettings<T> extends HttpSettings {
  readonly stringify: (value: T) => string
  readonly event: string
  readonly keep: number
  readonly maxClientBytes: number
  readonly headers: Readonly<Record<string, string>>
  readonly run: string
  readonly onRefused: (peer: string, reason: string) => void
  readonly onListening: (address: BoundAddress) => void
}

/** Serves results to whoever listens. */
export class EventStreamSink<T> implements Sink<T> {
  readonly name: string
  readonly #address: SocketAddress
  readonly #settings: EventStreamSettings<T>
  readonly #server: Server
  readonly #clients = new Map<ServerResponse, string>()
  /** The last events; the number of the first is `#next - #kept.length`. */
  #kept: string[] = []
  /** Number of the next event. */
  #next = 1

  constructor(name: string, address: SocketAddress, settings: EventStreamSettings<T>) {
    this.name = name
    this.#address = address
    this.#settings = settings
    this.#server = httpServer(settings, (request, response) => this.#serve(request, response), settings.onRefused)
  }

  async open(): Promise<void> {
    const at = await bound(this.#server, this.#address)
    this.#settings.onListening(at)
  }

  write(values: readonly T[]): void {
    const events = values.map((value, index) => this.#event(value, this.#next + index))
    this.#next += events.length
    const { keep, maxClientBytes, onRefused } = this.#settings
    // Thinned out at times, and not at each write.
    this.#kept.push(...events)
    if (this.#kept.length > 2 * keep) this.#kept = keep === 0 ? [] : this.#kept.slice(-keep)
    const text = events.join('')
    for (const [client, peer] of this.#clients) {
      client.write(text)
      if (client.writableLength <= maxClientBytes) continue
      onRefused(peer, `more than ${maxClientBytes} bytes behind`)
      client.destroy()
    }
  }

  async end(): Promise<void> {
    // Nobody holds up the end: who has not taken what came before is cut off.
    for (const client of this.#clients.keys()) client.end('event: end\ndata:\n\n')
    await this.close()
  }

  async close(): Promise<void> {
    const ended = closed(this.#server)
    this.#server.closeAllConnections()
    await ended
  }

  #event(value: T, number: number): string {
    const { stringify, event, run } = this.#settings
    let text: string
    try {
      text = stringify(value)
    } catch (error) {
      throw callbackError(error, this.name)
    }
    const kind = event === 'message' ? '' : `event: ${event}\n`
    return `id: ${run}-${number}\n${kind}data: ${text.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { headers, onRefused } = this.#settings
    const status = statusOf(request, 'GET', this.#settings)
    const peer = peerOf(request)
    if (status !== undefined) {
      onRefused(peer, String(status))
      response.writeHead(status, status === 405 ? { ...headers, Allow: 'GET' } : headers).end()
      return
    }
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      ...headers,
    })
    response.write(this.#missed(request.headers['last-event-id']))
    this.#clients.set(response, peer)
    response.on('close', () => this.#clients.delete(response))
  }

  /** What is kept and was not seen, behind a `gap` if there was more. */
  #missed(seen: string | string[] | undefined): string {
    const { keep, run } = this.#settings
    const kept = keep === 0 ? [] : this.#kept.slice(-keep)
    const first = this.#next - kept.length
    if (typeof seen !== 'string') return `:\n\n${kept.join('')}`
    const number = seen.startsWith(`${run}-`) ? Number(seen.slice(run.length + 1)) : Number.NaN
    // Of another run, whose events are not known here.
    if (!Number.isSafeInteger(number) || number >= this.#next) return `${gap}${kept.join('')}`
    const from = Math.max(0, number + 1 - first)
    return `${number + 1 < first ? gap : ':\n\n'}${kept.slice(from).join('')}`
  }
}

const gap = 'event: gap\ndata:\n\n'
