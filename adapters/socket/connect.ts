import type { ConnectionOptions } from 'node:tls'
import type { Observable } from 'rxjs'
import { defineSource } from '../../lib/wiring/source.ts'
import type { Line } from '../line/line.ts'
import { type BackoffOptions, toBackoff } from './backoff.ts'
import { Connections } from './connections.ts'
import { Dialer } from './dialer.ts'
import { checkedAddress, type SocketAddress } from './socket-address.ts'
import { type SocketOptions, toSocketSettings } from './socket-options.ts'

/** Options of `connect`. */
export interface ConnectOptions extends SocketOptions {
  /** Speaks TLS: `{}`, or certificate authorities and the rest, as `tls.connect` takes them. */
  readonly tls?: ConnectionOptions
  /** How a connection that has ended, broken or could not be made is tried again. With `false` its end is that of the source. */
  readonly backoff?: BackoffOptions | false
}

/**
 * Connects to a server, by TCP or a Unix socket, and takes the lines that it sends. When the connection ends or breaks, it is made
 * anew, after waits that grow until a line has come. Each is a split, and holds the watermark back while it is open; between two, nothing
 * does. Reads only as fast as the job takes the lines. Holds one line that has not ended, and what Node reads ahead (64 KiB).
 *
 * At most once: what the server sends while there is no connection, or what has come and was not processed when the job stops or dies,
 * is lost, unless the server sends it again. A checkpoint keeps what was made of the lines, and nothing of the connection.
 *
 * What is too long, no UTF-8 or cut off, and each connection that fails, is counted as refused, and named in `refused`.
 *
 * @param address a port, and its host (`127.0.0.1` unless given); or the path of a Unix socket
 * @example
 * ```ts
 * const lines = connect({ host: 'feed.example', port: 7000 }, { tls: {}, backoff: { attempts: Infinity } })
 * ```
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a bad address or option; `input` as the error of the job
 *   after so many attempts in a row that gave no line
 */
export function connect(address: SocketAddress, options: ConnectOptions = {}): Observable<Line> {
  const { tls, refused } = options
  const where = checkedAddress(address, 'connect')
  const settings = toSocketSettings('connect', options)
  const backoff = options.backoff === false ? undefined : toBackoff('connect', options.backoff)
  return defineSource<Line>({
    name: `connect(${where})`,
    open(context) {
      const { clock } = context
      const connections = new Connections(settings, clock, context.refusals(refused))
      const dialer = new Dialer(address, where, tls, backoff, clock, connections)
      dialer.dial()
      return {
        read: () => connections.read(),
        async close() {
          dialer.close()
          await connections.close()
        },
      }
    },
  })
}
