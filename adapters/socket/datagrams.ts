import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Observable } from 'rxjs'
import type { DeadLetter } from '../line/dead-letter.ts'
import { messageOf, show, TidemarkError } from '../../lib/errors.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { toByteCount } from '../line/byte-count.ts'
import type { Line } from '../line/line.ts'
import { DatagramReader } from './datagram-reader.ts'
import { Sequences } from './sequences.ts'
import type { BoundAddress } from './server.ts'
import { checkedAddress } from './socket-address.ts'
import { textLines } from './text-lines.ts'

/** Options of `datagrams`. */
export interface DatagramsOptions {
  /** A group to join, with the address of the interface to join it on, where not the system's choice. */
  readonly multicast?: { readonly group: string; readonly interface?: string }
  /**
   * The number of a datagram among those of its sender, each one more than that before; `undefined` if it has none. What is missing is
   * counted as refused, and named. What this throws is why a datagram is refused.
   */
  readonly sequence?: (datagram: Line) => number | undefined
  /** Bytes that may wait for the job; what comes beyond is refused. 8 MiB unless given. */
  readonly maxWaitingBytes?: number
  /** Refuses datagrams that are no UTF-8, as it does unless this is false. */
  readonly utf8?: boolean
  /** Gets what was refused or lost, each with sender, place and reason. It is counted in any case. */
  readonly refused?: SideOutput<DeadLetter>
  /** Is told where datagrams can be sent, such as which port was free for the port 0. */
  readonly onListening?: (address: BoundAddress) => void
}

/**
 * Takes UDP datagrams, each as a line, without the line ending that it may have: unicast, or of a multicast group. The `source` of a
 * line is its sender, its `number` counts the datagrams of all.
 *
 * At most once, and without a word from UDP itself: a datagram may be lost on the way, or in the system when the process is busy. With
 * `sequence`, what is missing is counted. Datagrams can't be held back: while the job is busy they wait here, `maxWaitingBytes` at most.
 * Senders are no splits, because nothing says when one has gone; all together have one watermark.
 *
 * @param address a port, and the host to receive at (`127.0.0.1` unless given, `0.0.0.0` for multicast)
 * @example
 * ```ts
 * const messages = datagrams({ port: 5514, host: '0.0.0.0' }).pipe(parse(syslog()))
 * ```
 * @throws TidemarkError `invalid-argument` for a bad address or option; `input` as the error of the job where it can't receive
 */
export function datagrams(
  address: { readonly port: number; readonly host?: string },
  options: DatagramsOptions = {},
): Observable<Line> {
  const { multicast, sequence, utf8 = true, onListening } = options
  const { port, host = multicast === undefined ? '127.0.0.1' : isIPv6(multicast.group) ? '::' : '0.0.0.0' } = address
  const name = `datagrams(${checkedAddress({ port, host }, 'datagrams')})`
  const maxBytes = toByteCount(options.maxWaitingBytes ?? 2 ** 23, 'datagrams: maxWaitingBytes')
  if (sequence !== undefined && typeof sequence !== 'function') {
    throw new TidemarkError('invalid-argument', `datagrams: expected a function as sequence, got ${show(sequence)}`)
  }
  return defineSource<Line>({
    name,
    open(context) {
      const refuse = context.refusals(options.refused)
      const sequences = new Sequences((source, count) => {
        refuse({ source, number: 0, offset: 0, byteLength: 0, reason: `${count} lost` }, count)
      })
      const isNumbered = (line: Line): boolean => {
        if (sequence === undefined) return true
        try {
          const number = sequence(line)
          if (number !== undefined) sequences.see(line.source, number)
          return true
        } catch (error) {
          const { source, number, offset, start, end } = line
          refuse({ source, number, offset, byteLength: end - start, reason: messageOf(error) })
          return false
        }
      }
      const accept = (line: Line): boolean => isNumbered(line) && (!utf8 || textLines([line], refuse).length > 0)
      const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', reuseAddr: multicast !== undefined })
      const reader = new DatagramReader(socket, maxBytes, refuse, accept)
      socket.bind({ port, address: host }, () => {
        // What this throws has no other way to the job.
        try {
          if (multicast !== undefined) socket.addMembership(multicast.group, multicast.interface)
        } catch (error) {
          socket.emit('error', error)
          return
        }
        const at = socket.address()
        onListening?.({ host: at.address, port: at.port, path: undefined })
      })
      return {
        read: () => reader.read(),
        async close() {
          sequences.end()
          await reader.close()
        },
      }
    },
  })
}
