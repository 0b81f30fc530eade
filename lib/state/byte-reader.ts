import { TidemarkError } from '../errors.ts'

/** Reads what a `ByteWriter` wrote. */
export class ByteReader {
  readonly #buffer: Buffer
  readonly #who: string
  #position = 0

  /** @param who whose bytes they are, for errors */
  constructor(bytes: Uint8Array, who: string) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#who = who
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#buffer.length
  }

  byte(): number {
    return this.#buffer[this.#position++] ?? this.fail('more bytes', 'the end')
  }

  uint(): number {
    let value = 0
    let unit = 1
    for (;;) {
      const byte = this.byte()
      value += (byte & 0x7f) * unit
      if (byte < 0x80) return value
      unit *= 128
    }
  }

  float64(): number {
    return this.#buffer.readDoubleLE(this.#skip(8))
  }

  /** A view of the bytes that are read. */
  bytes(length: number): Buffer {
    const start = this.#skip(length)
    return this.#buffer.subarray(start, start + length)
  }

  rest(): Buffer {
    return this.bytes(this.#buffer.length - this.#position)
  }

  text(): string {
    const length = this.uint()
    const start = this.#skip(length)
    return this.#buffer.toString('utf8', start, start + length)
  }

  fail(expected: string, got: string): never {
    throw new TidemarkError('checkpoint', `${this.#who}: expected ${expected}, got ${got}, at byte ${this.#position}`)
  }

  #skip(length: number): number {
    const start = this.#position
    if (length > this.#buffer.length - start) this.fail(`${length} more bytes`, `${this.#buffer.length - start}`)
    this.#position = start + length
    return start
  }
}
