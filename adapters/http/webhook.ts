import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Observable } from 'rxjs'
import type { DeadLetter } from '../line/dead-letter.ts'
import { TidemarkError } from '../../lib/errors.ts'
import { type Duration, toPositiveMillis } from '../../lib/time.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { toByteCount } from '../line/byte-count.ts'
import type { Line } from '../line/line.ts'
import { bound, closed } from '../socket/server.ts'
import { checkedAddress, type SocketAddress } from '../socket/socket-address.ts'
import { Deliveries } from './deliveries.ts'
import { type HttpOptions, httpServer, statusOf, toHttpSettings } from './http-server.ts'

/** Options of `webhook`. */
export interface WebhookOptions extends HttpOptions {
  /** Longest line; a request with a longer one is answered with 400. 64 KiB unless given. */
  readonly maxLineBytes?: number
  /** Longest body; a longer one is answered with 413. 1 MiB unless given. */
  readonly maxBodyBytes?: number
  /** Bytes of all requests that are being received or wait for the job; beyond, one is answered with 429. 16 MiB unless given. */
  readonly maxWaitingBytes?: number
  /** When those may come again, in whole seconds; `'1s'` unless given. */
  readonly retryAfter?: Duration
  /** Gets what was refused, each with peer, status and reason. It is counted in any case. */
  readonly refused?: SideOutput<DeadLetter>
}

/**
 * Takes lines that are posted over HTTP, such as NDJSON. A request is answered with 202 when its lines have gone through the
 * pipeline, and not before; with 429 when there is no room, because the job is behind. So whoever repeats what was not accepted loses
 * nothing while the job runs. All lines of a request are taken or none, together and in their order. Holds `maxWaitingBytes` at most.
 *
 * At most once where the process dies: what was accepted after the last checkpoint is lost then, because nobody sends it again. Requests
 * that are open when the job stops are answered with 503.
 *
 * Senders are no splits; all together have one watermark. What a line says is not looked at here: lines that don't parse are accepted, and
 * refused by `parse`.
 *
 * | status | when |
 * | ------ | ---- |
 * | 202 | the lines have gone through the pipeline |
 * | 400 | a line is too long or no UTF-8, which is named; or it is no HTTP |
 * | 401, 404, 405 | `authorize` says no; another path; another method than POST |
 * | 413 | the body is too long |
 * | 415 | the body is compressed |
 * | 429, 503 | there is no room; the job has ended. `Retry-After` says when to come again |
 *
 * @param address a port, and the host to listen at (`127.0.0.1` unless given); or the path of a Unix socket
 * @example
 * ```ts
 * const orders = webhook({ port: 8080 }, { path: '/orders' }).pipe(parse(json<Order>(), { refused }))
 * ```
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a bad address or option; `input` as the error of the job
 *   where it can't listen
 */
export function webhook(address: SocketAddress, options: WebhookOptions = {}): Observable<Line> {
  const name = `webhook(${checkedAddress(address, 'webhook')})`
  const settings = toHttpSettings('webhook', options)
  const maxLineBytes = toByteCount(options.maxLineBytes ?? 2 ** 16, 'webhook: maxLineBytes')
  const maxBodyBytes = toByteCount(options.maxBodyBytes ?? 2 ** 20, 'webhook: maxBodyBytes')
  const maxWaitingBytes = toByteCount(options.maxWaitingBytes ?? 2 ** 24, 'webhook: maxWaitingBytes')
  const retryAfter = toPositiveMillis(options.retryAfter ?? '1s', 'webhook: retryAfter')
  if (maxBodyBytes > maxWaitingBytes) {
    throw new TidemarkError(
      'invalid-argument',
      `webhook: maxBodyBytes must not be beyond maxWaitingBytes, got ${maxBodyBytes} and ${maxWaitingBytes}`,
    )
  }
  return defineSource<Line>({
    name,
    open(context) {
      const refuse = context.refusals(options.refused)
      const deliveries = new Deliveries({ maxLineBytes, maxBodyBytes }, maxWaitingBytes, retryAfter, refuse)
      const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
        const refusal = turnedAway(statusOf(request, 'POST', settings), request)
        if (refusal === undefined) void deliveries.receive(request, response)
        else deliveries.turnAway(request, response, refusal)
      }
      const server = httpServer(settings, onRequest, (source, reason) => {
        refuse({ source, number: 0, offset: 0, byteLength: 0, reason })
      })
      bound(server, address)
        .then((at) => options.onListening?.(at))
        .catch((error: unknown) => deliveries.fail(error))
      return {
        read: () => deliveries.read(),
        async close() {
          const ended = closed(server)
          await deliveries.close()
          server.closeAllConnections()
          await ended
        },
      }
    },
  })
}

const reasons = { 401: 'not allowed', 404: 'no such path', 405: 'only POST', 500: 'authorize failed' } as const

function turnedAway(
  status: keyof typeof reasons | undefined,
  { headers }: IncomingMessage,
): { readonly status: number; readonly reason: string } | undefined {
  if (status !== undefined) return { status, reason: reasons[status] }
  const { 'content-encoding': encoding = 'identity' } = headers
  return encoding === 'identity' ? undefined : { status: 415, reason: `no encoding '${encoding}'` }
}
