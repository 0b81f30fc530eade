import { backslash, dash, quote } from './find'

// All of these need a line feed behind the line: it is in no token, so nothing runs past it.

/** Passes blanks but the line feed. */
export function passBlanks(at: usize): usize {
  // Behind most tokens there is none.
  while (isBlank(load<u8>(at))) at += 1
  return at
}

function isBlank(byte: u8): bool {
  return byte <= 0x20 && (byte == 0x20 || byte == 0x09 || byte == 0x0d)
}

/** Passes a text, from behind its first quote. @returns its last quote; 0 if it is not well-formed */
export function closingQuoteOfText(from: usize): usize {
  const quotes = i8x16.splat(quote)
  const backslashes = i8x16.splat(backslash)
  const blanks = i8x16.splat(0x20)
  let at = from
  while (true) {
    const bytes = v128.load(at)
    const found = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)), i8x16.lt_u(bytes, blanks)),
    )
    if (found == 0) {
      at += 16
      continue
    }
    at += ctz(found)
    const byte = load<u8>(at)
    if (byte == quote) return at
    // A control character, such as the line feed.
    if (byte != backslash) return 0
    at = passEscape(at + 1)
    if (at == 0) return 0
  }
}

/** Passes what follows a backslash; 0 if it makes no escape. */
function passEscape(at: usize): usize {
  switch (load<u8>(at)) {
    case 0x22: // "
    case 0x2f: // /
    case 0x5c: // \
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1
    case 0x75: // u
      return isHex(load<u8>(at, 1)) && isHex(load<u8>(at, 2)) && isHex(load<u8>(at, 3)) && isHex(load<u8>(at, 4))
        ? at + 5
        : 0
    default:
      return 0
  }
}

function isHex(byte: u8): bool {
  const letter = byte | 0x20
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66)
}

export function isDigit(byte: u8): bool {
  return <u8>(byte - 0x30) <= 9
}

/** Passes a number, `true`, `false` or `null`. @returns what is behind it; 0 if there is none */
export function passScalar(at: usize): usize {
  switch (load<u32>(at)) {
    case 0x65757274: // true
    case 0x6c6c756e: // null
      return at + 4
    case 0x736c6166: // fals
      return load<u8>(at, 4) == 0x65 ? at + 5 : 0
    default:
      return passNumber(at)
  }
}

function passNumber(at: usize): usize {
  if (load<u8>(at) == dash) at += 1
  const first = load<u8>(at)
  if (!isDigit(first)) return 0
  at = first == 0x30 ? at + 1 : passDigits(at)
  if (load<u8>(at) == 0x2e) {
    at += 1
    if (!isDigit(load<u8>(at))) return 0
    at = passDigits(at)
  }
  if ((load<u8>(at) | 0x20) != 0x65) return at
  at += 1
  const sign = load<u8>(at)
  if (sign == 0x2b || sign == dash) at += 1
  return isDigit(load<u8>(at)) ? passDigits(at) : 0
}

function passDigits(at: usize): usize {
  while (isDigit(load<u8>(at))) at += 1
  return at
}
