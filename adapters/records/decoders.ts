import type { ParserRecipe } from '../format/parser.ts'
import { unescaped } from '../format/unescaped.ts'

const quote = 0x22
const backslash = 0x5c

/** Makes the value that bytes of a line write. */
export type Decode = (bytes: Buffer, start: number, end: number) => unknown

/** Makes a decoder for each field, in the order of the recipe. */
export function decodersOf({ format, kinds }: ParserRecipe): readonly Decode[] {
  return Object.keys(kinds).map((field) =>
    format === 'json' ? jsonValue : field === 'user' ? userName : accessLogText,
  )
}

function jsonValue(bytes: Buffer, start: number, end: number): unknown {
  if (bytes[start] === quote && !hasBackslash(bytes, start, end)) return bytes.toString('utf8', start + 1, end - 1)
  return JSON.parse(bytes.toString('utf8', start, end))
}

function accessLogText(bytes: Buffer, start: number, end: number): string {
  return hasBackslash(bytes, start, end) ? unescaped(bytes, start, end) : bytes.toString('utf8', start, end)
}

/** Apache writes an empty user as two quotes. */
function userName(bytes: Buffer, start: number, end: number): string {
  const text = accessLogText(bytes, start, end)
  return text === '""' ? '' : text
}

function hasBackslash(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === backslash) return true
  return false
}
