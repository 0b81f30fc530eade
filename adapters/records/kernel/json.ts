import { Column, columnAt, columnCount, endRow, Kind, setNone, setText } from './columns'
import { isSame, lineFeed, quote } from './find'
import { clearOddInstant, setInstant } from './instant'
import { passNested } from './json-nested'
import { closingQuoteOfText, hasEscapes, passBlanks, passScalar } from './json-token'

/**
 * Reads an object of a line in JSON; there must be a line feed. Every byte is checked.
 *
 * @returns where its line feed is; 0 for a line that is not plainly an object, of which there is no row
 */
export function readJson(start: usize): usize {
  clearOddInstant()
  let at = passBlanks(start)
  if (load<u8>(at) != 0x7b) return 0 // opening brace
  for (let i = 0; i < columnCount; i++) setNone(columnAt(i))
  at = passBlanks(at + 1)
  if (load<u8>(at) == 0x7d) at += 1
  else {
    while (true) {
      at = readMember(at)
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
  if (load<u8>(at) != lineFeed) return 0
  endRow()
  return at
}

/** Reads a name and its value. @returns what is behind them, 0 if they are not plain */
// @ts-ignore: a decorator of AssemblyScript
@inline
function readMember(at: usize): usize {
  if (load<u8>(at) != quote) return 0
  const name = at + 1
  const nameEnd = closingQuoteOfText(name)
  // An escape may make a name one of those that are asked for.
  if (nameEnd == 0 || hasEscapes) return 0
  at = passBlanks(nameEnd + 1)
  if (load<u8>(at) != 0x3a) return 0 // colon
  at = passBlanks(at + 1)
  const end = passValue(at)
  if (end != 0) setValue(name, nameEnd - name, at, end)
  return end
}

/** @returns what is behind a value, 0 if it is not well-formed */
// @ts-ignore: a decorator of AssemblyScript
@inline
function passValue(at: usize): usize {
  const first = load<u8>(at)
  if (first == quote) {
    const end = closingQuoteOfText(at + 1)
    return end == 0 ? 0 : end + 1
  }
  return (first | 0x20) == 0x7b ? passNested(at) : passScalar(at)
}

/** Sets a field, if it is one that is asked for. Of several of one name the last stays. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function setValue(name: usize, nameLength: usize, at: usize, end: usize): void {
  for (let i = 0; i < columnCount; i++) {
    const column = columnAt(i)
    if (column.nameLength != nameLength || !isSame(column.name, name, nameLength)) continue
    if (column.kind == Kind.Instant) setInstant(column, at, end)
    else setText(column, at, end)
    return
  }
}
