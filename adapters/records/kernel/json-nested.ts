import { quote } from './find'
import { closingQuoteOfText, passBlanks, passScalar } from './json-token'

/** Levels of lists and objects within each other that are followed: a bit each. */
const deepest: i32 = 64

/** Passes a list or an object, from its first bracket. @returns what is behind its last; 0 if it is not well-formed or too deep */
export function passNested(at: usize): usize {
  /** Whether each level is an object, the innermost last. */
  let objects: u64 = 0
  let depth: i32 = 0
  while (true) {
    // At a value.
    const first = load<u8>(at)
    if (first == 0x7b || first == 0x5b) {
      if (depth == deepest) return 0
      const isObject = first == 0x7b
      objects = (objects << 1) | (<u64>isObject)
      depth += 1
      at = passBlanks(at + 1)
      // Brackets close two code points behind where they open.
      if (load<u8>(at) != first + 2) {
        if (isObject) {
          at = passName(at)
          if (at == 0) return 0
        }
        continue
      }
      at += 1
      objects >>= 1
      depth -= 1
    } else {
      at = first == quote ? closingQuoteOfText(at + 1) : passScalar(at)
      if (at == 0) return 0
      if (first == quote) at += 1
    }
    // Behind a value.
    while (true) {
      if (depth == 0) return at
      at = passBlanks(at)
      const byte = load<u8>(at)
      const isObject = (objects & 1) != 0
      at += 1
      if (byte == 0x2c) {
        at = passBlanks(at)
        if (isObject) {
          at = passName(at)
          if (at == 0) return 0
        }
        break
      }
      if (byte != (isObject ? 0x7d : 0x5d)) return 0
      objects >>= 1
      depth -= 1
    }
  }
}

/** Passes a name and the colon behind it. @returns where its value begins, 0 if it is not well-formed */
function passName(at: usize): usize {
  if (load<u8>(at) != quote) return 0
  const end = closingQuoteOfText(at + 1)
  if (end == 0) return 0
  at = passBlanks(end + 1)
  return load<u8>(at) == 0x3a ? passBlanks(at + 1) : 0
}
