import { randomUUID } from 'node:crypto'
import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { toByteCount } from '../line/byte-count.ts'
import { toJson } from '../line/to-json.ts'
import { checkedAddress, type SocketAddress } from '../socket/socket-address.ts'
import { EventStreamSink } from './event-stream-sink.ts'
import { type HttpOptions, toHttpSettings } from './http-server.ts'

/** Options of `eventStream`. */
export interface EventStreamOptions<T> extends HttpOptions {
  /** Makes the text of a result; `JSON.stringify` unless given. */
  readonly stringify?: (value: T) => string
  /** The kind of event that a page listens to; `message` unless given. */
  readonly event?: string
  /** How many of the latest events are kept for those who come, or come back; 1,000 unless given, 0 for none. */
  readonly keep?: number
  /** Bytes that may wait for one client, who is cut off beyond; 1 MiB unless given. */
  readonly maxClientBytes?: number
  /** Further headers, such as `Access-Control-Allow-Origin`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Tells the ids of one run from those of another; random unless given. */
  readonly run?: string
  /** Is told whom was cut off or not let in, and why. */
  readonly onRefused?: (peer: string, reason: string) => void
}

/**
 * Serves results as Server-Sent Events, to any number of pages and programs: `new EventSource(url)`. Each event has an id. Who comes
 * anew gets those that are kept, and who comes back, those behind the last one seen; if that is no longer kept, an event `gap`
 * before them. Holds the last `keep` events, and what waits for each client.
 *
 * Nobody holds up the job: a client that takes too little is cut off, and may come back. At most once for each, therefore, and a checkpoint
 * knows nothing of it; what came after the last one is served again after a crash, with other ids. At the end of the job an event `end`
 * is sent.
 *
 * @param address a port, and the host to listen at (`127.0.0.1` unless given); or the path of a Unix socket
 * @example
 * ```ts
 * await run(perMinute, eventStream({ port: 8081 }, { path: '/counts' })).done
 * ```
 * @throws TidemarkError `invalid-argument` for a bad address or option; as the error of the job `output` where it can't listen, or for
 *   a value that JSON can't express, and `callback` when `stringify` throws
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function eventStream<T>(address: SocketAddress, options: EventStreamOptions<T> = {}): Sink<T> {
  const { keep = 1_000, event = 'message' } = options
  if (!Number.isSafeInteger(keep) || keep < 0) {
    throw new TidemarkError('invalid-argument', `eventStream: keep must be a whole number >= 0, got ${show(keep)}`)
  }
  if (/[\r\n]/.test(event)) {
    throw new TidemarkError('invalid-argument', `eventStream: expected an event of one line, got ${show(event)}`)
  }
  return new EventStreamSink(`eventStream(${checkedAddress(address, 'eventStream')})`, address, {
    ...toHttpSettings('eventStream', options),
    stringify: options.stringify ?? toJson,
    event,
    keep,
    maxClientBytes: toByteCount(options.maxClientBytes ?? 2 ** 20, 'eventStream: maxClientBytes'),
    headers: options.headers ?? {},
    run: options.run ?? randomUUID(),
    onRefused: options.onRefused ?? (() => {}),
    onListening: options.onListening ?? (() => {}),
  })
}
