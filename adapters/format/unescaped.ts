const backslash = 92
const letterX = 120
/** The letter behind a backslash and the byte it stands for. */
const singles: ReadonlyMap<number, number> = new Map([
  [34, 34],
  [92, 92],
  [98, 8],
  [110, 10],
  [114, 13],
  [116, 9],
  [118, 11],
])

/**
 * Decodes a field of an access log that may contain escapes: those of Apache (`\"`, `\\`, `\b`, `\n`, `\r`, `\t`, `\v`, `\xhh`)
 * and nginx (`\xHH`) are undone, and the bytes that result are read as UTF-8. A backslash before anything else stands for
 * itself.
 */
export function unescaped(bytes: Buffer, start: number, end: number): string {
  // On bytes and not on text, because the bytes of one character are escaped one by one: `\xc3\xa9`.
  const plain = Buffer.allocUnsafe(end - start)
  let length = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    const next = byte === backslash && at + 1 < end ? (bytes[at + 1] ?? 0) : 0
    const single = singles.get(next)
    const hex = next === letterX && at + 3 < end ? hexByte(bytes, at + 2) : -1
    plain[length++] = single ?? (hex < 0 ? byte : hex)
    if (single !== undefined) at += 1
    else if (hex >= 0) at += 3
  }
  return plain.toString('utf8', 0, length)
}

/** The value of two hexadecimal digits, -1 if they are none. */
function hexByte(bytes: Buffer, at: number): number {
  const digits = bytes.toString('latin1', at, at + 2)
  return /^[\da-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : -1
}
