/** Makes a string of the bytes of a field. */
export type FieldText = (bytes: Buffer, start: number, end: number) => string

/**
 * The text of a field of an access log: its bytes with the escapes of Apache (`\"`, `\\`, `\b`, `\n`, `\r`, `\t`, `\v`, `\xhh`)
 * and nginx (`\xHH`) undone, as UTF-8. A backslash before anything else stands for itself; bytes that are no UTF-8 become
 * U+FFFD.
 */
export const fieldText: FieldText = (bytes, start, end) => {
  const text = bytes.toString('utf8', start, end)
  return text.includes('\\') ? unescaped(bytes, start, end) : text
}

const slots = 16_384
const longest = 64

/**
 * Makes a `fieldText` for strings that come again and again, such as hosts and methods: a text of ASCII that was made before
 * is found by its hash and compared in place, which takes a fraction of the time, and is the same string for the maps it ends
 * up in. Holds at most 16,384 strings of at most 64 bytes, a newer one displacing the older one of its slot.
 */
export function recurringFieldText(): FieldText {
  const known = new Array<string>(slots).fill('')
  return (bytes, start, end) => {
    if (end - start > longest) return fieldText(bytes, start, end)
    let hash = 0
    let isPlain = true
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0
      hash = (Math.imul(hash, 31) + byte) | 0
      if (byte > 127 || byte === 92) isPlain = false
    }
    if (!isPlain) return fieldText(bytes, start, end)
    // Times 2^32 over the golden ratio: the upper fourteen bits then depend on every byte (Knuth's multiplicative hashing).
    const slot = Math.imul(hash, -1_640_531_527) >>> 18
    const found = known[slot]
    if (found !== undefined && isSpelled(found, bytes, start, end)) return found
    const text = bytes.toString('latin1', start, end)
    known[slot] = text
    return text
  }
}

/** Whether the bytes are those of a string of ASCII. */
function isSpelled(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let at = start; at < end; at++) if (text.charCodeAt(at - start) !== bytes[at]) return false
  return true
}

const escapes: Readonly<Record<string, number>> = { '"': 34, '\\': 92, b: 8, n: 10, r: 13, t: 9, v: 11 }

/** On bytes and not on text, because the bytes of one character are escaped one by one: `\xc3\xa9`. */
function unescaped(bytes: Buffer, start: number, end: number): string {
  const plain = Buffer.allocUnsafe(end - start)
  let length = 0
  for (let at = start; at < end; at++) {
    let byte = bytes[at] ?? 0
    if (byte === 92 && at + 1 < end) {
      const next = bytes[at + 1] ?? 0
      const single = escapes[String.fromCharCode(next)]
      const hex = next === 120 && at + 3 < end ? hexByte(bytes, at + 2) : -1
      if (single !== undefined) {
        byte = single
        at += 1
      } else if (hex >= 0) {
        byte = hex
        at += 3
      }
    }
    plain[length++] = byte
  }
  return plain.toString('utf8', 0, length)
}

/** The value of two hexadecimal digits, -1 if they are none. */
function hexByte(bytes: Buffer, at: number): number {
  const digits = bytes.toString('latin1', at, at + 2)
  return /^[\da-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : -1
}
