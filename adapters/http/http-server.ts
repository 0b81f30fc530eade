import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from 'node:https'
import type { DropArgument } from 'node:net'
import type { Duplex } from 'node:stream'
import { show, TidemarkError } from '../../lib/errors.ts'
import type { BoundAddress } from '../socket/server.ts'
import { showHost } from '../socket/socket-address.ts'
import { tlsReason } from '../socket/tls-reason.ts'

/** Options that `webhook` and `eventStream` have in common. */
export interface HttpOptions {
  /** The path of the URL; any other is answered with 404. `/` unless given. */
  readonly path?: string
  /** The most connections at a time; one more is closed at once. 1,024 unless given. */
  readonly maxConnections?: number
  /** Speaks HTTPS: certificate, key and the rest, as `https.createServer` takes them. */
  readonly tls?: TlsOptions
  /** Whether a request is let in; another is answered with 401. */
  readonly authorize?: (request: IncomingMessage) => boolean
  /** Is told where the server can be reached, such as which port was free for the port 0. */
  readonly onListening?: (address: BoundAddress) => void
}

/** Validated. */
export interface HttpSettings {
  readonly path: string
  readonly maxConnections: number
  readonly tls: TlsOptions | undefined
  readonly authorize: (request: IncomingMessage) => boolean
}

/** Slow peers are cut off after these, in ms: the headers have to be there, and the whole request. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 1_000 }

/**
 * @param who names the adapter in errors
 * @throws TidemarkError `invalid-argument` for a bad option
 */
export function toHttpSettings(who: string, options: HttpOptions): HttpSettings {
  const { path = '/', maxConnections = 1_024, tls, authorize = () => true } = options
  if (!path.startsWith('/')) {
    throw new TidemarkError('invalid-argument', `${who}: path must begin with a /, got ${show(path)}`)
  }
  if (!Number.isSafeInteger(maxConnections) || maxConnections <= 0) {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: maxConnections must be a whole number > 0, got ${show(maxConnections)}`,
    )
  }
  return { path, maxConnections, tls, authorize }
}

/** Makes a server that is not listening yet. @param refuse is told of what does not become a request */
export function httpServer(
  { tls, maxConnections }: HttpSettings,
  onRequest: RequestListener,
  refuse: (peer: string, reason: string) => void,
): Server {
  const server: Server = tls === undefined ? createServer(timeouts) : createTlsServer({ ...timeouts, ...tls })
  server.maxConnections = maxConnections
  /** The last one of each connection. */
  const requests = new WeakMap<Duplex, IncomingMessage>()
  server.on('request', (request, response) => {
    requests.set(request.socket, request)
    onRequest(request, response)
  })
  server.on('drop', (peer: DropArgument | undefined) =>
    refuse(showHost(peer?.remoteAddress ?? '', peer?.remotePort ?? 0), 'too many connections'),
  )
  server.on('clientError', (error: Error, socket: Duplex) => {
    if (requests.get(socket)?.complete === false) {
      // A matter of that request, which may have been answered already.
      socket.end(() => socket.destroy())
      return
    }
    refuse('', `no request: ${error.message}`)
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  server.on('tlsClientError', (error: Error) => refuse('', tlsReason(error)))
  return server
}

/** Who sends a request. */
export function peerOf({ socket }: IncomingMessage): string {
  return showHost(socket.remoteAddress ?? '', socket.remotePort ?? 0)
}

/** Why a request is not let in, as a status, whatever it brings; undefined if it is. */
export function statusOf(
  request: IncomingMessage,
  method: string,
  settings: HttpSettings,
): 401 | 404 | 405 | 500 | undefined {
  const [path] = (request.url ?? '').split('?', 1)
  if (path !== settings.path) return 404
  if (request.method !== method) return 405
  try {
    return settings.authorize(request) ? undefined : 401
  } catch {
    // Nobody's request must end the process.
    return 500
  }
}
