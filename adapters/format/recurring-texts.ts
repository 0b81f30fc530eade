const longest = 64

/**
 * Makes a decoder of texts that come again and again, such as hosts and methods: one that was decoded before is found by its hash
 * and compared in place. That is faster than to make a string, and whoever looks the text up in a map finds it at once,
 * because it is the same string and not merely an equal one. Holds at most 2^`bits` texts of at most 64 bytes, a newer one
 * displacing the older one of its slot.
 */
export function recurringTexts(bits: number): (bytes: Buffer, start: number, end: number) => string {
  const known = Array<string>(2 ** bits).fill('')
  const shift = 32 - bits
  return (bytes, start, end) => {
    if (end - start > longest) return bytes.toString('utf8', start, end)
    let hash = 0
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
    // Times 2^32 over the golden ratio, the upper bits depend on every byte (Knuth's multiplicative hashing).
    const slot = Math.imul(hash, -1_640_531_527) >>> shift
    const found = known[slot]
    if (found !== undefined && isSpelled(found, bytes, start, end)) return found
    const text = bytes.toString('utf8', start, end)
    // Only what is ASCII: of everything else, other bytes might look the same.
    if (isSpelled(text, bytes, start, end)) known[slot] = text
    return text
  }
}

function isSpelled(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let at = start; at < end; at++) if (text.charCodeAt(at - start) !== bytes[at]) return false
  return true
}
