import { plainSize } from '../../adapters/file/plain-size.ts'
import type { Input } from '../inputs.ts'
import type { Range } from './range.ts'

/** How large ranges are, in bytes. */
export interface RangeSizes {
  readonly ofRange: number
  /** Files that are smaller, all together, have none. */
  readonly least: number
}

/**
 * So many lines that most keys come again in a range, and so few that each thread has some. What is below the least is read sooner than
 * any of this is loaded.
 */
const usualSizes: RangeSizes = { ofRange: 2 ** 23, least: 2 ** 20 }

/** Divides files into ranges, in their order; `undefined` if some are no plain files, or all together are small. */
export function rangesOf(
  inputs: readonly Input[],
  { ofRange, least }: RangeSizes = usualSizes,
): readonly Range[] | undefined {
  const ranges: Range[] = []
  let bytes = 0
  for (const input of inputs) {
    const size = input.kind === 'file' ? plainSize(input.path) : 0
    if (input.kind !== 'file' || size === 0) return undefined
    bytes += size
    for (let start = 0; start < size; start += ofRange) {
      ranges.push({ path: input.path, start, end: Math.min(size, start + ofRange) })
    }
  }
  return bytes < least ? undefined : ranges
}
