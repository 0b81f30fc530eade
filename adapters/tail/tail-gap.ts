/** A place where lines may have been lost before they could be read. */
export interface TailGap {
  /** The path that is followed. */
  readonly source: string
  /**
   * - `truncated`: the file was cut off, and no copy of what it held was found
   * - `missing`: the file that was being read has gone, or was rotated to where it was not found
   * - `damaged`: a compressed file could not be read on
   */
  readonly reason: 'truncated' | 'missing' | 'damaged'
  /** How many bytes of the file had been read. */
  readonly offset: number
  /** For people. */
  readonly message: string
}

/** Makes a gap. */
export function gapOf(source: string, reason: TailGap['reason'], offset: number): TailGap {
  return { source, reason, offset, message: `tail: '${source}': ${texts[reason]}; ${offset} bytes of it had been read` }
}

const texts = {
  truncated: 'expected a file that only grows, got one that was cut off, without a copy',
  missing: 'expected to find again the file that was being read, got none',
  damaged: 'expected to read a compressed file to its end, got a damaged one',
} as const
