/**
 * Reads what the protocol is made of out of one buffer, faster than the package's reader, which looks for each byte in a list of buffers and
 * makes big integers. Numbers of 64 bits are exact up to 2^53: offsets, times and producer ids are below.
 */
export class Bytes {
  readonly buffer: Buffer
  at: number

  constructor(buffer: Buffer, at = 0) {
    this.buffer = buffer
    this.at = at
  }

  int8(): number {
    return this.buffer.readInt8(this.at++)
  }

  int16(): number {
    this.at += 2
    return this.buffer.readInt16BE(this.at - 2)
  }

  int32(): number {
    this.at += 4
    return this.buffer.readInt32BE(this.at - 4)
  }

  int64(): number {
    this.at += 8
    return this.buffer.readInt32BE(this.at - 8) * 2 ** 32 + this.buffer.readUInt32BE(this.at - 4)
  }

  /** An unsigned number of variable length. */
  uvarint(): number {
    const { buffer } = this
    let byte = buffer[this.at++] ?? 0
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    let unit = 0x80
    do {
      byte = buffer[this.at++] ?? 0
      value += (byte & 0x7f) * unit
      unit *= 0x80
    } while (byte >= 0x80)
    return value
  }

  /** A signed one. */
  varint(): number {
    const value = this.uvarint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** So many bytes, not copied; none if it is a negative number. */
  slice(length: number): Buffer | undefined {
    if (length < 0) return undefined
    const start = this.at
    this.at += length
    if (this.at > this.buffer.length) throw new RangeError(`${length} bytes at ${start} of ${this.buffer.length}`)
    return this.buffer.subarray(start, this.at)
  }

  /** Text with its length before it, in one byte where it is short. */
  text(): string {
    return this.slice(this.uvarint() - 1)?.toString() ?? ''
  }

  /** An id of 16 bytes, as the package writes it. */
  uuid(): string {
    const hex = this.slice(16)?.toString('hex') ?? ''
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  /** A list with its length before it, each item with additional fields behind it. */
  list<Item>(read: () => Item): Item[] {
    const items: Item[] = []
    for (let left = this.uvarint() - 1; left > 0; left--) {
      items.push(read())
      this.passTags()
    }
    return items
  }

  /** Passes over additional fields, which later versions may have. */
  passTags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint()
      this.slice(this.uvarint())
    }
  }
}
