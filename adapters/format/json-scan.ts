import type { Line } from '../line/line.ts'
import { recurringTexts } from './recurring-texts.ts'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Levels of lists and objects within each other that are followed. */
const deepest = 32

/** Kept texts of each field: 2 to this power. */
const textBits = 10

/**
 * Makes a reader of some fields of objects in JSON. It checks every byte of the line, and makes values of those fields alone: of the others
 * nothing but where they end; a field that is not there is `undefined`. Gives nothing for whatever is not plainly an object, such as one that is none or is not well-formed, and for
 * escapes in names: that is left to `JSON.parse`, which takes longer and knows more.
 *
 * @param varied fields whose texts do not come again, such as times
 */
export function jsonScan(
  fields: readonly string[],
  varied: readonly string[] = [],
): (line: Line) => Record<string, unknown> | undefined {
  const names = fields.map((field) => Buffer.from(field))
  const texts = fields.map((field) => (varied.includes(field) ? textOnce : recurringTexts(textBits)))
  let bytes: Buffer = Buffer.alloc(0)
  let at = 0
  let end = 0
  /** The text that was passed last has escapes. */
  let hasEscapes = false

  function passBlanks(): void {
    // Behind most there is none.
    if ((bytes[at] ?? 0) > 0x20) return
    for (; at < end; at++) {
      const byte = bytes[at]
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return
    }
  }

  /** Passes a text, behind its first quote. */
  function passText(): boolean {
    hasEscapes = false
    // Most bytes of a line are of texts, and variables of this function are faster than those around it.
    const [all, until] = [bytes, end]
    for (let i = at; i < until; i++) {
      const byte = all[i] ?? 0
      if (byte === quote) {
        at = i + 1
        return true
      }
      if (byte < 0x20) return false
      if (byte === backslash) {
        hasEscapes = true
        at = i + 1
        if (!passEscape()) return false
        i = at
      }
    }
    return false
  }

  /** Moves on to the last byte of an escape. */
  function passEscape(): boolean {
    const kind = bytes[at]
    if (kind !== 0x75) return at < end && kind !== undefined && simpleEscapes.has(kind)
    for (let i = 0; i < 4; i++) {
      at += 1
      if (at >= end || !isHex(bytes[at] ?? 0)) return false
    }
    return true
  }

  /** Passes digits; false if there are none. */
  function passDigits(): boolean {
    const start = at
    while (at < end && isDigit(bytes[at] ?? 0)) at += 1
    return at > start
  }

  function passNumber(): boolean {
    if (bytes[at] === minus) at += 1
    if (at < end && bytes[at] === zero) at += 1
    else if (!passDigits()) return false
    if (at < end && bytes[at] === point) {
      at += 1
      if (!passDigits()) return false
    }
    if (at < end && ((bytes[at] ?? 0) | 0x20) === 0x65) {
      at += 1
      const sign = bytes[at]
      if (at < end && (sign === minus || sign === 0x2b)) at += 1
      if (!passDigits()) return false
    }
    return true
  }

  function passWord(word: Buffer): boolean {
    if (end - at < word.length) return false
    for (const byte of word) if (bytes[at++] !== byte) return false
    return true
  }

  function passValue(depth: number): boolean {
    const first = at < end ? bytes[at] : undefined
    switch (first) {
      case quote:
        at += 1
        return passText()
      case openBrace:
        return depth < deepest && passMembers(closeBrace, depth + 1)
      case openBracket:
        return depth < deepest && passMembers(closeBracket, depth + 1)
      case 0x74:
        return passWord(words.true)
      case 0x66:
        return passWord(words.false)
      case 0x6e:
        return passWord(words.null)
      default:
        return passNumber()
    }
  }

  /** Passes what is within a list or an object, from its first bracket to behind its last. */
  function passMembers(close: number, depth: number): boolean {
    at += 1
    passBlanks()
    if (at < end && bytes[at] === close) {
      at += 1
      return true
    }
    for (;;) {
      if (close === closeBrace && !passName()) return false
      if (!passValue(depth)) return false
      passBlanks()
      const byte = at < end ? bytes[at] : undefined
      at += 1
      if (byte === close) return true
      if (byte !== comma) return false
      passBlanks()
    }
  }

  /** Passes a name and what is between it and its value. */
  function passName(): boolean {
    if (at >= end || bytes[at] !== quote) return false
    at += 1
    if (!passText()) return false
    passBlanks()
    if (at >= end || bytes[at] !== colon) return false
    at += 1
    passBlanks()
    return true
  }

  /** The field whose name stands there, -1 if it is none of them. */
  function fieldAt(start: number, until: number): number {
    for (let field = 0; field < names.length; field++) {
      const name = names[field]
      if (name === undefined || name.length !== until - start) continue
      let i = 0
      while (i < name.length && bytes[start + i] === name[i]) i += 1
      if (i === name.length) return field
    }
    return -1
  }

  function valueOf(field: number, start: number): unknown {
    if (bytes[start] === quote && !hasEscapes) return texts[field]?.(bytes, start + 1, at - 1)
    return JSON.parse(bytes.toString('utf8', start, at))
  }

  return (line) => {
    bytes = line.bytes
    at = line.start
    end = line.end
    passBlanks()
    if (at >= end || bytes[at] !== openBrace) return undefined
    at += 1
    passBlanks()
    const record: Record<string, unknown> = {}
    for (const field of fields) record[field] = undefined
    if (at < end && bytes[at] === closeBrace) at += 1
    else {
      for (;;) {
        const start = at + 1
        if (!passName() || hasEscapes) return undefined
        const field = fieldAt(start, nameEnd(bytes, at))
        const value = at
        if (!passValue(0)) return undefined
        if (field >= 0) record[fields[field] ?? ''] = valueOf(field, value)
        passBlanks()
        const byte = at < end ? bytes[at] : undefined
        at += 1
        if (byte === closeBrace) break
        if (byte !== comma) return undefined
        passBlanks()
      }
    }
    passBlanks()
    return at === end ? record : undefined
  }
}

/** Where the name before a value ends: at its last quote, behind which there are a colon and blanks alone. */
function nameEnd(bytes: Buffer, value: number): number {
  let at = value - 1
  while (bytes[at] !== quote) at -= 1
  return at
}

function textOnce(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end)
}

const words = { true: Buffer.from('true'), false: Buffer.from('false'), null: Buffer.from('null') }

const simpleEscapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'))

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine
}

function isHex(byte: number): boolean {
  const letter = byte | 0x20
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66)
}
