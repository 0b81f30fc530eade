export const space: u8 = 0x20
export const quote: u8 = 0x22
export const dash: u8 = 0x2d
export const backslash: u8 = 0x5c
export const lineFeed: u8 = 0x0a
export const carriageReturn: u8 = 0x0d

/** Where the first line feed is; there must be one. */
export function lineFeedFrom(from: usize): usize {
  const lineFeeds = i8x16.splat(lineFeed)
  let at = from
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), lineFeeds))
    if (found != 0) return at + ctz(found)
    at += 16
  }
}

/** Where the first space or line feed is; there must be one. */
export function wordEnd(from: usize): usize {
  const spaces = i8x16.splat(space)
  const lineFeeds = i8x16.splat(lineFeed)
  let at = from
  while (true) {
    const bytes = v128.load(at)
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, spaces), i8x16.eq(bytes, lineFeeds)))
    if (found != 0) return at + ctz(found)
    at += 16
  }
}

/** Where the first quote is that has no backslash before it, 0 if the line ends before. There must be a line feed. */
export function closingQuote(from: usize): usize {
  const quotes = i8x16.splat(quote)
  const backslashes = i8x16.splat(backslash)
  const lineFeeds = i8x16.splat(lineFeed)
  let at = from
  while (true) {
    const bytes = v128.load(at)
    const found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.eq(bytes, lineFeeds)),
    )
    if (found == 0) {
      at += 16
      continue
    }
    at += ctz(found)
    const byte = load<u8>(at)
    if (byte == quote) return at
    // A backslash takes the byte after it out of consideration, but no line goes on behind its end.
    if (byte == lineFeed || load<u8>(at, 1) == lineFeed) return 0
    at += 2
  }
}

/** Whether two stretches of memory are the same. Reads up to 15 bytes behind both. */
export function isSame(one: usize, other: usize, length: usize): bool {
  while (length >= 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(one), v128.load(other))) != 0xffff) return false
    one += 16
    other += 16
    length -= 16
  }
  const different = i8x16.bitmask(i8x16.ne(v128.load(one), v128.load(other)))
  return (different & ((1 << (<i32>length)) - 1)) == 0
}
