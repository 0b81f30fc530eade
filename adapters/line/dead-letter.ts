import type { Line } from './line.ts'

/** A part of the input that was refused: where it was, and why. */
export interface DeadLetter {
  /** As the `source` of a line: the file's path as it was given, `stdin`, or the peer of a connection. */
  readonly source: string
  /** Of the line, or the first line of a record; counts from 1 in each source. Refused lines count too. */
  readonly number: number
  /** Byte offset of its start in its source. */
  readonly offset: number
  /** Bytes of it without the line ending. */
  readonly byteLength: number
  /** As UTF-8; absent where it was let go unread, as what is too long is. */
  readonly text?: string
  readonly reason: string
}

/** Says why a line was refused. Its text is a copy: the chunk that the line lies in is not kept. */
export function deadLetter({ text, source, number, offset, start, end }: Line, reason: string): DeadLetter {
  return { source, number, offset, byteLength: end - start, text, reason }
}
