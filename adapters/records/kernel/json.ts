import { Column, columnAt, columnCount, Kind, setNone, setText } from './columns'
import { lineFeed, quote } from './find'
import { clearOddInstant, setInstant } from './instant'
import { passNested } from './json-nested'
import { column, readName } from './json-names'
import { closingQuoteOfText, passBlanks, passScalar } from './json-token'

/**
 * Reads an object of a line in JSON; there must be a line feed. Every byte is checked.
 *
 * @returns where its line feed is; 0 for a line that is not plainly an object
 */
export function readJson(start: usize): usize {
  clearOddInstant()
  let at = passBlanks(start)
  if (load<u8>(at) != 0x7b) return 0 // opening brace
  for (let i = 0; i < columnCount; i++) setNone(columnAt(i))
  at = passBlanks(at + 1)
  if (load<u8>(at) == 0x7d) at += 1
  else {
    for (let place = 0; ; place++) {
      at = readMember(at, place)
      if (at == 0) return 0
      at = passBlanks(at)
      const byte = load<u8>(at)
      at += 1
      if (byte == 0x7d) break // closing brace
      if (byte != 0x2c) return 0 // comma
      at = passBlanks(at)
    }
  }
  at = passBlanks(at)
  return load<u8>(at) == lineFeed ? at : 0
}

/** Reads the name and the value at a place of the line. @returns what is behind them, 0 if they are not plain */
function readMember(at: usize, place: i32): usize {
  at = readName(at, place)
  if (at == 0) return 0
  const end = passValue(at)
  if (end != 0 && column >= 0) setValue(columnAt(column), at, end)
  return end
}

/** @returns what is behind a value, 0 if it is not well-formed */
function passValue(at: usize): usize {
  const first = load<u8>(at)
  if (first == quote) {
    const end = closingQuoteOfText(at + 1)
    return end == 0 ? 0 : end + 1
  }
  return (first | 0x20) == 0x7b ? passNested(at) : passScalar(at)
}

/** Of several values of one name the last stays. */
function setValue(column: Column, at: usize, end: usize): void {
  if (column.kind == Kind.Instant) setInstant(column, at, end)
  else setText(column, at, end)
}
