import { TidemarkError } from '../../lib/errors.ts'
import type { Frame, Framing } from './frame.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const zero = 0x30
const nine = 0x39
/** Of a length; a number with more is none. */
const mostDigits = 9

/**
 * Frames of syslog over a connection (RFC 6587), each either with its length before it, `12 <13>a message`, or with a line feed
 * behind it. The first byte of each tells which: a digit, or anything else. A line feed at the very end of a message is no part of it.
 *
 * @example
 * ```ts
 * const messages = listen({ port: 6514 }, { framing: octetCounting() }).pipe(parse(syslog()))
 * ```
 */
export function octetCounting(): Framing {
  return (bytes, at, isEnd) => (isDigit(bytes[at]) ? counted(bytes, at) : lineFrom(bytes, at, isEnd))
}

function counted(bytes: Buffer, at: number): Frame | undefined {
  let digits = at
  let length = 0
  while (digits < bytes.length && isDigit(bytes[digits])) {
    length = length * 10 + (bytes[digits] ?? 0) - zero
    digits += 1
  }
  if (digits - at <= mostDigits && digits === bytes.length) return undefined
  if (digits - at > mostDigits || bytes[digits] !== space) {
    throw new TidemarkError(
      'input',
      `expected the length of a message, a space behind it, got ${shown(bytes, at, digits)}`,
    )
  }
  const start = digits + 1
  const next = start + length
  return { start, end: next <= bytes.length ? withoutEnding(bytes, start, next) : next, next }
}

function lineFrom(bytes: Buffer, at: number, isEnd: boolean): Frame | undefined {
  const newline = bytes.indexOf(lineFeed, at)
  if (newline >= 0) return { start: at, end: withoutEnding(bytes, at, newline + 1), next: newline + 1 }
  return isEnd ? { start: at, end: bytes.length } : undefined
}

function withoutEnding(bytes: Buffer, start: number, end: number): number {
  if (end === start || bytes[end - 1] !== lineFeed) return end
  return end - 1 > start && bytes[end - 2] === carriageReturn ? end - 2 : end - 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine
}

/** The digits, and what comes in place of the space. */
function shown(bytes: Buffer, at: number, digits: number): string {
  return JSON.stringify(bytes.toString('latin1', at, Math.min(digits, at + mostDigits) + 1))
}
