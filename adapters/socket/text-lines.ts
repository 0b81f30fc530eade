import { isUtf8 } from 'node:buffer'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Line } from '../line/line.ts'

/**
 * The lines that are UTF-8; the others are refused.
 *
 * @param lines of one `push`: the first may lie by itself, the others lie one behind the other in the same bytes
 */
export function textLines(lines: Line[], refused: (line: DeadLetter) => void): Line[] {
  const [first, second = first] = lines
  const last = lines.at(-1)
  if (first === undefined || second === undefined || last === undefined) return lines
  // All at once, which is a good deal faster.
  const isText =
    isUtf8(first.bytes.subarray(first.start, first.end)) && isUtf8(second.bytes.subarray(second.start, last.end))
  return isText ? lines : lines.filter((line) => isTextLine(line, refused))
}

function isTextLine(line: Line, refused: (line: DeadLetter) => void): boolean {
  const { bytes, start, end, source, number, offset } = line
  if (isUtf8(bytes.subarray(start, end))) return true
  refused({ source, number, offset, byteLength: end - start, reason: 'not UTF-8' })
  return false
}
