import { createServer, type DropArgument, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Observable } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import type { Line } from '../line/line.ts'
import { Connections } from './connections.ts'
import { bound, type BoundAddress, closed } from './server.ts'
import { checkedAddress, showHost, type SocketAddress } from './socket-address.ts'
import { type SocketOptions, toSocketSettings } from './socket-options.ts'
import { tlsReason } from './tls-reason.ts'

/** Options of `listen`. */
export interface ListenOptions extends SocketOptions {
  /** The most connections at a time; one more is closed at once, and counted as refused. 1,024 unless given. */
  readonly maxConnections?: number
  /** Speaks TLS: certificate, key and the rest, as `tls.createServer` takes them. With `requestCert` peers have to show theirs. */
  readonly tls?: TlsOptions
  /** Is told where peers can connect, such as which port was free for the port 0. */
  readonly onListening?: (address: BoundAddress) => void
}

/**
 * Takes lines from whoever connects, by TCP or a Unix socket. Each connection is a split: it has a watermark of its own, and the
 * lowest of those that are open counts. Reads a socket only as fast as the job takes the lines; then the peer has to wait. Holds for
 * each connection one line that has not ended, and what Node reads ahead (64 KiB). Ends when the job does.
 *
 * At most once: what has come and was not processed when the job stops or dies is lost, because a socket can't be read again. A
 * checkpoint keeps what was made of the lines, and nothing of the connections.
 *
 * What is too long, no UTF-8, cut off, slow or one connection too many is counted as refused, and named in `refused`.
 *
 * @param address a port, and the host to listen at (`127.0.0.1` unless given); or the path of a Unix socket
 * @example
 * ```ts
 * const hits = listen({ port: 5000 }).pipe(
 *   parse(json<Hit>()),
 *   assignTimestamps((hit) => hit.time, boundedOutOfOrderness('5s', { idleTimeout: '30s' })),
 * )
 * ```
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a bad address or option; `input` as the error of the job
 *   where it can't listen
 */
export function listen(address: SocketAddress, options: ListenOptions = {}): Observable<Line> {
  const { maxConnections = 1_024, tls, onListening, refused } = options
  const name = `listen(${checkedAddress(address, 'listen')})`
  const settings = toSocketSettings('listen', options)
  if (!Number.isSafeInteger(maxConnections) || maxConnections <= 0) {
    throw new TidemarkError(
      'invalid-argument',
      `listen: maxConnections must be a whole number > 0, got ${show(maxConnections)}`,
    )
  }
  return defineSource<Line>({
    name,
    open(context) {
      const connections = new Connections(settings, context.clock, context.refusals(refused))
      const server = tls === undefined ? createServer() : createTlsServer(tls)
      let accepted = 0
      const refuse = (source: string, reason: string): void =>
        connections.refuse({ source, number: 0, offset: 0, byteLength: 0, reason })
      // Also those that have not shaken hands yet.
      server.maxConnections = maxConnections
      server.on('drop', (peer: DropArgument | undefined) =>
        refuse(showHost(peer?.remoteAddress ?? '', peer?.remotePort ?? 0), 'too many connections'),
      )
      server.on('tlsClientError', (error: Error, socket: Socket) => refuse(peerOf(socket, ''), tlsReason(error)))
      server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
        accepted += 1
        const peer = peerOf(socket, `${address.path}#${accepted}`)
        // Also those that are gone already, but whose lines nobody has taken.
        if (connections.size < maxConnections) {
          connections.add(socket, peer)
          return
        }
        socket.destroy()
        refuse(peer, 'too many connections')
      })
      void start(server, address, connections, onListening)
      return {
        read: () => connections.read(),
        async close() {
          await Promise.all([closed(server), connections.close()])
        },
      }
    },
  })
}

async function start(
  server: Server,
  address: SocketAddress,
  connections: Connections,
  onListening: ((address: BoundAddress) => void) | undefined,
): Promise<void> {
  try {
    const at = await bound(server, address)
    onListening?.(at)
  } catch (failure) {
    connections.end({ failure })
  }
}

/** How a peer is called in lines; `unnamed` where it has no address. */
function peerOf({ remoteAddress, remotePort }: Socket, unnamed: string): string {
  return remoteAddress === undefined ? unnamed : showHost(remoteAddress, remotePort ?? 0)
}
