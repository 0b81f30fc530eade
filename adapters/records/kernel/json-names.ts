import { columnAt, columnCount } from './columns'
import { allocate } from './memory'
import { isSame, quote } from './find'
import { closingQuoteOfText, passBlanks } from './json-token'

// The lines of a log mostly have the same names in the same order, so each name is first taken to be the one that stood in its place in
// a line before: one comparison, where finding its end, checking it and looking it up takes many.

/** Names that are remembered of a line. */
const places: i32 = 64
/** Of each the bytes from its first quote to its colon, a bit for each of them, how many they are, and its column. */
const placeBytes: usize = 32
const longest: usize = 16

let known: usize = 0

/** The column of the name that was read last, -1 if it is none that is asked for. */
export let column: i32 = -1

/** Makes room for the names; none is remembered. */
export function openNames(): void {
  known = allocate(<usize>places * placeBytes)
  // No name begins with a zero.
  for (let place = 0; place < places; place++) store<i32>(known + <usize>place * placeBytes, 1, 16)
}

/**
 * Reads the name that stands at a place of the line, and the colon behind it.
 *
 * @returns where its value begins; 0 if it is not well-formed, or has an escape, which may make it any name
 */
export function readName(at: usize, place: i32): usize {
  if (place < places) {
    const expected = known + <usize>place * placeBytes
    const mask = load<i32>(expected, 16)
    if ((i8x16.bitmask(i8x16.ne(v128.load(at), v128.load(expected))) & mask) == 0) {
      column = load<i32>(expected, 24)
      return passBlanks(at + load<u32>(expected, 20))
    }
  }
  return readOtherName(at, place)
}

function readOtherName(at: usize, place: i32): usize {
  if (load<u8>(at) != quote) return 0
  const end = closingQuoteOfText(at + 1)
  if (end == 0 || hasBackslash(at, end)) return 0
  column = columnOf(at + 1, end - at - 1)
  const colon = passBlanks(end + 1)
  if (load<u8>(colon) != 0x3a) return 0
  const length = colon + 1 - at
  if (place < places && length <= longest) {
    const expected = known + <usize>place * placeBytes
    v128.store(expected, v128.load(at))
    store<i32>(expected, (1 << (<i32>length)) - 1, 16)
    store<u32>(expected, <u32>length, 20)
    store<i32>(expected, column, 24)
  }
  return passBlanks(colon + 1)
}

function hasBackslash(at: usize, end: usize): bool {
  while (at < end && load<u8>(at) != 0x5c) at += 1
  return at < end
}

function columnOf(name: usize, length: usize): i32 {
  for (let i = 0; i < columnCount; i++) {
    const column = columnAt(i)
    if (column.nameLength == length && isSame(column.name, name, length)) return i
  }
  return -1
}
