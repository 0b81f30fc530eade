import { emptyLine, type Parser, Unparsable, unparsable } from './parser.ts'
import { put } from './put.ts'

const noPair = unparsable('no key=value pair')

/**
 * Parses logfmt: `key=value` pairs with white space between, as go-logfmt reads them.
 *
 * - A value with spaces is in double quotes, with the escapes of Go and JSON: `\"`, `\\`, `\n`, `\u00e9`, `\x1b` and so on.
 * - A key alone (`debug`) and one without a value (`debug=`) have the value `''`; a line of such keys alone is refused, for it
 *   is most likely prose.
 * - Of equal keys the last one counts.
 * - A value without quotes may contain `=` (`url=/a?b=c`), which go-logfmt refuses.
 */
export function logfmt(): Parser<Record<string, string>> {
  return {
    name: 'logfmt',
    parse({ text }) {
      const record: Record<string, string> = {}
      let hasPair = false
      let at = skipSpace(text, 0)
      if (at === text.length) return emptyLine
      while (at < text.length) {
        const start = at
        while (at < text.length && text.charCodeAt(at) > 32 && text[at] !== '=' && text[at] !== '"') at++
        const key = text.slice(start, at)
        if (at === start || text[at] === '"') return unexpected(text, at)
        if (text[at] !== '=') {
          put(record, key, '')
        } else {
          hasPair = true
          const end = text[at + 1] === '"' ? quotedEnd(text, at + 2) : wordEnd(text, at + 1)
          if (end < 0) return unparsable(`${key}: unclosed quote`)
          if (end < text.length && text.charCodeAt(end) > 32) return unexpected(text, end)
          const value = text[at + 1] === '"' ? unescaped(text.slice(at + 2, end - 1)) : text.slice(at + 1, end)
          if (value instanceof Unparsable) return unparsable(`${key}: ${value.reason}`)
          put(record, key, value)
          at = end
        }
        at = skipSpace(text, at)
      }
      return hasPair ? record : noPair
    },
  }
}

function unexpected(text: string, at: number): Unparsable {
  return unparsable(`unexpected '${text[at] ?? ''}' at character ${at + 1}`)
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  return at
}

/** Index behind a value without quotes. */
function wordEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) > 32 && text[at] !== '"') at++
  return at
}

/** Index behind the closing quote, -1 if there is none. */
function quotedEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') return at + 1
    if (text[at] === '\\') at++
  }
  return -1
}

const singles: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['/', '/'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

const escape = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|.)/gs

function unescaped(text: string): string | Unparsable {
  if (!text.includes('\\')) return text
  let plain = ''
  let end = 0
  for (const match of text.matchAll(escape)) {
    const character = escaped(match)
    if (character === undefined) return unparsable(`no such escape '${match[0]}'`)
    plain += text.slice(end, match.index) + character
    end = match.index + match[0].length
  }
  return plain + text.slice(end)
}

function escaped([whole, byte, unit, point]: RegExpExecArray): string | undefined {
  if (byte !== undefined) {
    const code = Number.parseInt(byte, 16)
    // Go writes a byte that is no UTF-8 in this way.
    return code < 0x80 ? String.fromCharCode(code) : '\ufffd'
  }
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
  if (point === undefined) return singles.get(whole.charAt(1))
  const code = Number.parseInt(point, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
