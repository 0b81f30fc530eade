import { isUtf8 } from 'node:buffer'
import type { Line } from '../line/line.ts'
import type { RefusedLine } from '../line/line-splitter.ts'

/**
 * The lines that are UTF-8; the others are refused.
 *
 * @param lines that were cut off the same bytes, in order
 */
export function textLines(lines: Line[], refused: (line: RefusedLine) => void): Line[] {
  const first = lines[0]
  const last = lines.at(-1)
  if (first === undefined || last === undefined) return lines
  // All at once, which is a good deal faster. The first may lie by itself, because it was cut by the end of a chunk.
  const isWhole = first.bytes === last.bytes && isUtf8(first.bytes.subarray(first.start, last.end))
  return isWhole ? lines : lines.filter((line) => isText(line, refused))
}

function isText(line: Line, refused: (line: RefusedLine) => void): boolean {
  const { bytes, start, end, source, number, offset } = line
  if (isUtf8(bytes.subarray(start, end))) return true
  refused({ source, number, offset, byteLength: end - start, reason: 'not UTF-8' })
  return false
}
