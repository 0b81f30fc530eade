/** More than this is not kept for the next value. */
const mostKept = 1 << 20

const longestShort = 42

/** Writes numbers, texts and bytes one after the other, into a buffer that grows and is used again. */
export class ByteWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Begins anew. What `written` gave is overwritten from then on. */
  clear(): void {
    this.#length = 0
    if (this.#buffer.length > mostKept) this.#buffer = Buffer.allocUnsafeSlow(1024)
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  /** A safe integer >= 0, in seven bits a byte: small ones take one byte. */
  uint(value: number): void {
    this.#reserve(8)
    let rest = value
    // Beyond 32 bits there are no shifts.
    while (rest > 0x7fff_ffff) {
      this.#buffer[this.#length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#buffer[this.#length++] = rest
  }

  /** 32 bits, little-endian. */
  uint32(value: number): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeUInt32LE(value, this.#length)
  }

  float64(value: number): void {
    this.#reserve(8)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    copy(bytes, 0, bytes.length, this.#buffer, this.#length)
    this.#length += bytes.length
  }

  /** What another one has written from one place up to another. */
  bytesOf(other: ByteWriter, start: number, end: number): void {
    this.#reserve(end - start)
    copy(other.#buffer, start, end, this.#buffer, this.#length)
    this.#length += end - start
  }

  /** A byte, and a text as `text` would write it; false, and nothing, if it has more than 42 characters or others than ASCII. */
  shortText(byte: number, text: string): boolean {
    if (text.length > longestShort) return false
    this.#reserve(longestShort + 2)
    const start = this.#length + 2
    // For so few characters this takes less than a call out of JavaScript.
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) return false
      this.#buffer[start + i] = code
    }
    this.#buffer[start - 2] = byte
    this.#buffer[start - 1] = text.length
    this.#length = start + text.length
    return true
  }

  /** The length in bytes, and a text without lone surrogates in UTF-8. */
  text(text: string): void {
    const bytes = Buffer.byteLength(text)
    this.uint(bytes)
    this.#reserve(bytes)
    this.#length += this.#buffer.write(text, this.#length, 'utf8')
  }

  /** Overwrites 32 bits at a place that has been written. */
  setUint32(value: number, at: number): void {
    this.#buffer.writeUInt32LE(value, at)
  }

  /** What was written, valid until something more is. */
  written(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** What was written, as bytes of its own. */
  copied(): Uint8Array {
    const bytes = Buffer.allocUnsafe(this.#length)
    copy(this.#buffer, 0, this.#length, bytes, 0)
    return bytes
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

/** For few bytes a loop takes less than a call out of JavaScript. */
function copy(from: Uint8Array, start: number, end: number, to: Buffer, at: number): void {
  if (end - start > 64) to.set(from.subarray(start, end), at)
  else for (let i = start; i < end; i++) to[at - start + i] = from[i] ?? 0
}
