import { messageOf, show, TidemarkError } from '../errors.ts'

/** Bytes that came at one moment. */
export interface Arrival {
  /** Processing time, epoch ms. */
  readonly time: number
  /** None for the moment at which the input ended. */
  readonly bytes: Buffer
}

/**
 * Reads a recording: the pieces of a byte stream, with the moments at which they came.
 *
 * It is JSON, a value a line. The first says what it is, and when it began: `{"recording":1,"start":"2026-11-28T22:00:00.000Z"}`. Each
 * other is a piece, `at` so many ms behind the start and never before the one in front of it: as `text` where it is UTF-8 by itself, or as `base64`.
 * A piece of nothing is the end of the input.
 *
 * ```json
 * {"recording":1,"start":"2026-11-28T22:00:00.000Z"}
 * {"at":0,"text":"one\ntw"}
 * {"at":1503,"text":"o\n"}
 * {"at":2000,"text":""}
 * ```
 *
 * A last line that is cut off, as when whoever recorded was killed, is passed over. Holds two lines.
 *
 * @param name of the recording, for errors
 * @throws TidemarkError `input` for what is no recording, with the line
 */
export async function* recordedArrivals(
  lines: AsyncIterable<string> | Iterable<string>,
  name: string,
): AsyncGenerator<Arrival> {
  let start: number | undefined
  let last = 0
  let number = 0
  let held: string | undefined
  const read = (line: string): Arrival | undefined => {
    number += 1
    if (start === undefined) {
      start = recordingStart(line, name)
      return undefined
    }
    const { at, bytes } = pieceOf(line, `${name}:${number}`)
    if (at < last) throw new TidemarkError('input', `${name}:${number}: expected a piece behind ${last} ms, got ${at}`)
    last = at
    return { time: start + at, bytes }
  }
  for await (const line of lines) {
    if (line === '') continue
    const arrival = held === undefined ? undefined : read(held)
    if (arrival !== undefined) yield arrival
    held = line
  }
  if (held !== undefined && (start === undefined || isWhole(held))) {
    const arrival = read(held)
    if (arrival !== undefined) yield arrival
  }
  if (start === undefined) recordingStart('', name)
}

/**
 * Reads the first line of a recording: when it began, epoch ms.
 *
 * @throws TidemarkError `input` for what is none
 */
export function recordingStart(line: string, name: string): number {
  const { recording, start } = isWhole(line) ? (JSON.parse(line) as Partial<Record<string, unknown>>) : {}
  const time = recording === 1 && typeof start === 'string' ? Date.parse(start) : Number.NaN
  if (!Number.isNaN(time)) return time
  const expected = 'a recording, which begins with {"recording":1,"start":...}'
  throw new TidemarkError('input', `${name}: expected ${expected}, got ${show(line.slice(0, 80))}`)
}

/** A line that is cut off is no object. */
function isWhole(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

function pieceOf(line: string, place: string): { readonly at: number; readonly bytes: Buffer } {
  let piece: Partial<Record<string, unknown>>
  try {
    piece = JSON.parse(line) as Partial<Record<string, unknown>>
  } catch (error) {
    throw new TidemarkError('input', `${place}: expected a piece of a recording, got ${messageOf(error)}`, {
      cause: error,
    })
  }
  const { at, text, base64 } = piece
  if (typeof at === 'number' && Number.isSafeInteger(at) && at >= 0) {
    if (typeof text === 'string') return { at, bytes: Buffer.from(text) }
    if (typeof base64 === 'string') return { at, bytes: Buffer.from(base64, 'base64') }
  }
  throw new TidemarkError(
    'input',
    `${place}: expected a piece with at, and text or base64, got ${show(line.slice(0, 80))}`,
  )
}
