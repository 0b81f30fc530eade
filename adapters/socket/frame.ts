/** Where in some bytes a frame lies. Its end may be behind the bytes at hand: then they are waited for. */
export interface Frame {
  /** Index of its first byte, behind what tells its length. */
  readonly start: number
  /** Index behind its last byte. */
  readonly end: number
  /** Index at which the next frame begins; `end` unless given. */
  readonly next?: number
}

/**
 * Finds the frame that begins at an index, and never looks before it. Answers `undefined` while the bytes at hand don't tell where it
 * ends: it is asked again with more. Throws what is wrong with bytes that can't be the beginning of a frame; no frame can be found behind
 * them, and the connection is closed.
 *
 * @param isEnd nothing follows `bytes`, so that a frame may end there
 */
export type Framing = (bytes: Buffer, at: number, isEnd: boolean) => Frame | undefined
