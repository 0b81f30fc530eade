/**
 * A line of bytes and where it came from. `text` decodes on demand, so that a parser which needs a few bytes of each line
 * pays for those alone. The bytes belong to the chunk that was read: whoever keeps a `Line` keeps its chunk; keep `text`.
 */
export class Line {
  /** The chunk the line lies in. */
  readonly bytes: Buffer
  /** Index in `bytes` of the first byte of the line. */
  readonly start: number
  /** Index in `bytes` behind its last byte, without the line ending (LF or CRLF). */
  readonly end: number
  /** The file's path as it was given, `stdin`, or who sent it. */
  readonly source: string
  /** Counts from 1 in each source. */
  readonly number: number
  /** Byte offset of the line's start in its source (of the decompressed bytes of a gzip file). */
  readonly offset: number

  constructor(bytes: Buffer, start: number, end: number, source: string, number: number, offset: number) {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.source = source
    this.number = number
    this.offset = offset
  }

  /** The line as UTF-8 text, without its ending; bytes that are no UTF-8 become U+FFFD. */
  get text(): string {
    return this.bytes.toString('utf8', this.start, this.end)
  }

  toString(): string {
    return this.text
  }
}
