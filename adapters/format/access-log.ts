import { show, TidemarkError } from '../../lib/errors.ts'
import { AccessLogScan } from './access-log-scan.ts'
import { fieldText, recurringFieldText } from './field-text.ts'
import type { CombinedHit } from './hit.ts'
import type { Parser } from './parser.ts'
import { RequestLine } from './request-line.ts'

type Field = keyof CombinedHit
type Draft = { -readonly [F in Field]?: CombinedHit[F] }

/** The fields of the common log format. */
export const commonFields = [
  'host',
  'ident',
  'user',
  'time',
  'request',
  'method',
  'path',
  'protocol',
  'status',
  'bytes',
] as const

/** The fields of the combined log format. */
export const combinedFields = [...commonFields, 'referer', 'agent'] as const

/**
 * Makes the parser behind `common` and `combined`. Every line is checked as a whole; strings are made for the wanted fields
 * alone.
 *
 * @param known the fields of the format
 * @param wanted the fields of a hit
 * @throws TidemarkError `invalid-argument` for a field that the format has not
 */
export function accessLog<F extends Field>(
  name: string,
  known: readonly F[],
  wanted: readonly F[],
): Parser<Pick<CombinedHit, F>> {
  const unknown = wanted.find((field) => !known.includes(field))
  if (unknown !== undefined) {
    throw new TidemarkError(
      'invalid-argument',
      `${name}: fields must be some of ${known.join(', ')}, got ${show(unknown)}`,
    )
  }
  const has = (field: Field): boolean => wanted.some((one) => one === field)
  const wants = {
    host: has('host'),
    ident: has('ident'),
    user: has('user'),
    time: has('time'),
    request: has('request'),
    parts: has('method') || has('path') || has('protocol'),
    method: has('method'),
    path: has('path'),
    protocol: has('protocol'),
    status: has('status'),
    bytes: has('bytes'),
    referer: has('referer'),
    agent: has('agent'),
  }
  const scan = new AccessLogScan(known.length > commonFields.length)
  const requestLine = new RequestLine()
  const recurringText = recurringFieldText()

  /** A wanted field is added, another is not: hits of one parser have one shape, and V8 makes them in a few nanoseconds. */
  function hitOf(bytes: Buffer): Draft {
    const hit: Draft = {}
    if (wants.host) hit.host = recurringText(bytes, scan.host, scan.hostEnd)
    if (wants.ident) hit.ident = unlessDash(recurringText(bytes, scan.ident, scan.identEnd))
    if (wants.user) hit.user = userName(recurringText(bytes, scan.user, scan.userEnd))
    if (wants.time) hit.time = scan.time
    if (wants.request) hit.request = fieldText(bytes, scan.request, scan.requestEnd)
    if (wants.parts) addParts(hit, bytes)
    if (wants.status) hit.status = scan.status
    if (wants.bytes) hit.bytes = scan.size < 0 ? undefined : scan.size
    if (wants.referer) hit.referer = unlessDash(fieldText(bytes, scan.referer, scan.refererEnd))
    if (wants.agent) hit.agent = unlessDash(fieldText(bytes, scan.agent, scan.agentEnd))
    return hit
  }

  function addParts(hit: Draft, bytes: Buffer): void {
    const { request, requestEnd } = scan
    const isSplit = requestLine.split(bytes, request, requestEnd)
    const { methodEnd, protocol } = requestLine
    if (wants.method) hit.method = isSplit ? recurringText(bytes, request, methodEnd) : undefined
    if (wants.path) hit.path = isSplit ? fieldText(bytes, methodEnd + 1, protocol - 1) : undefined
    if (wants.protocol) hit.protocol = isSplit ? recurringText(bytes, protocol, requestEnd) : undefined
  }

  return {
    name,
    parse(line) {
      // The draft has the fields of F, and no others: `wants` says so.
      return scan.scan(line) ?? (hitOf(line.bytes) as Pick<CombinedHit, F>)
    },
  }
}

function unlessDash(text: string): string | undefined {
  return text === '-' ? undefined : text
}

/** Apache writes an empty user as two quotes. */
function userName(text: string): string | undefined {
  return text === '""' ? '' : unlessDash(text)
}
