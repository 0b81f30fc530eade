import { show, TidemarkError } from '../../lib/errors.ts'
import type { Framing } from './frame.ts'

/** Options of `lengthPrefix`. */
export interface LengthPrefixOptions {
  /** Bytes of the length; 4 unless given. */
  readonly bytes?: 1 | 2 | 3 | 4 | 5 | 6
  /** The lowest byte comes first; the highest does unless given. */
  readonly isLittleEndian?: boolean
}

/**
 * Frames that begin with the number of bytes that follow.
 *
 * @throws TidemarkError `invalid-argument` unless the length has 1 to 6 bytes
 * @example
 * ```ts
 * const messages = listen({ port: 9000 }, { framing: lengthPrefix() }).pipe(parse(json()))
 * ```
 */
export function lengthPrefix({ bytes: size = 4, isLittleEndian = false }: LengthPrefixOptions = {}): Framing {
  if (!Number.isSafeInteger(size) || size < 1 || size > 6) {
    throw new TidemarkError('invalid-argument', `lengthPrefix: bytes must be from 1 to 6, got ${show(size)}`)
  }
  return (bytes, at) => {
    const start = at + size
    if (start > bytes.length) return undefined
    const length = isLittleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size)
    return { start, end: start + length }
  }
}
