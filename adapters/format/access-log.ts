import { show, TidemarkError } from '../../lib/errors.ts'
import { AccessLogScan } from './access-log-scan.ts'
import type { CombinedHit } from './hit.ts'
import type { Parser } from './parser.ts'
import { recurringTexts } from './recurring-texts.ts'
import { RequestLine } from './request-line.ts'
import { unescaped } from './unescaped.ts'

const dash = 45

type Field = keyof CombinedHit
type Draft = { -readonly [F in Field]?: CombinedHit[F] }

/**
 * Makes the parser behind `common` and `combined`. Every line is checked as a whole, whatever is wanted of it; strings are made
 * for the wanted fields alone. Holds the chunk of the line it saw last.
 *
 * @param known the fields of the format; with an agent among them, lines without one are refused
 * @param wanted the fields of a hit, those of F
 * @throws TidemarkError `invalid-argument` for a field that the format has not
 */
export function accessLog<F extends Field>(
  name: 'common' | 'combined',
  known: readonly Field[],
  wanted: readonly Field[] = known,
): Parser<Pick<CombinedHit, F>> {
  const unknown = wanted.find((field) => !known.includes(field))
  if (unknown !== undefined) {
    throw new TidemarkError(
      'invalid-argument',
      `${name}: fields must be some of ${known.join(', ')}, got ${show(unknown)}`,
    )
  }
  const has = (field: Field): boolean => wanted.includes(field)
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
  const scan = new AccessLogScan(known.includes('agent'))
  const requestLine = new RequestLine()
  const token = recurringTexts(8)
  // Half a megabyte, for those who want it.
  const host = wants.host ? recurringTexts(16) : text

  function text(bytes: Buffer, start: number, end: number): string {
    return scan.hasEscapes ? unescaped(bytes, start, end) : bytes.toString('utf8', start, end)
  }

  function textOrNone(bytes: Buffer, start: number, end: number): string | undefined {
    return end - start === 1 && bytes[start] === dash ? undefined : text(bytes, start, end)
  }

  /** A wanted field is added, another is not: hits of one parser have one shape, and V8 makes them in a few nanoseconds. */
  function hitOf(bytes: Buffer): Draft {
    const hit: Draft = {}
    if (wants.host) hit.host = (scan.hasEscapes ? text : host)(bytes, scan.host, scan.hostEnd)
    if (wants.ident) hit.ident = textOrNone(bytes, scan.ident, scan.identEnd)
    if (wants.user) hit.user = userName(textOrNone(bytes, scan.user, scan.userEnd))
    if (wants.time) hit.time = scan.time
    if (wants.request) hit.request = text(bytes, scan.request, scan.requestEnd)
    if (wants.parts) addParts(hit, bytes)
    if (wants.status) hit.status = scan.status
    if (wants.bytes) hit.bytes = scan.size < 0 ? undefined : scan.size
    if (wants.referer) hit.referer = textOrNone(bytes, scan.referer, scan.refererEnd)
    if (wants.agent) hit.agent = textOrNone(bytes, scan.agent, scan.agentEnd)
    return hit
  }

  function addParts(hit: Draft, bytes: Buffer): void {
    const { request, requestEnd } = scan
    const isSplit = requestLine.split(bytes, request, requestEnd)
    const { methodEnd, protocol } = requestLine
    if (wants.method) hit.method = isSplit ? token(bytes, request, methodEnd) : undefined
    if (wants.path) {
      // The parts around the path have no escapes, so that it can be cut from the request's text.
      const cut = hit.request?.slice(methodEnd - request + 1, protocol - 1 - requestEnd)
      hit.path = isSplit ? (cut ?? text(bytes, methodEnd + 1, protocol - 1)) : undefined
    }
    if (wants.protocol) hit.protocol = isSplit ? token(bytes, protocol, requestEnd) : undefined
  }

  const inOrder = known.filter((field) => wants[field])
  return {
    name,
    recipe: { format: name, kinds: Object.fromEntries(inOrder.map((field) => [field, kindOf(field)])) },
    parse(line) {
      // The draft has the fields of F, and no others: `wants` says so.
      return scan.scan(line) ?? (hitOf(line.bytes) as Pick<CombinedHit, F>)
    },
  }
}

function kindOf(field: Field): 'number' | 'text' {
  return field === 'time' || field === 'status' || field === 'bytes' ? 'number' : 'text'
}

/** Apache writes an empty user as two quotes. */
function userName(text: string | undefined): string | undefined {
  return text === '""' ? '' : text
}
