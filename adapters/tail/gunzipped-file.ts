import { TidemarkError } from '../../lib/errors.ts'
import { gzip } from '../file/compression.ts'
import { decompressedBytes } from '../file/decompressed-bytes.ts'
import type { FileStatus, TailedFile } from './tailed-files.ts'

const pieceBytes = 32 * 1024

/** Tells a gzip file (RFC 1952) by its first bytes. */
export async function isGzipped(file: TailedFile): Promise<boolean> {
  const magic = await file.read(0, 3)
  return magic.length === 3 && magic[0] === 0x1f && magic[1] === 0x8b && magic[2] === 8
}

/**
 * A gzip file as if it were not compressed. To be read forwards: going back further than to what was given last
 * decompresses it from its beginning. It ends where it is damaged. Holds what was given last, and a piece behind it.
 */
export class GunzippedFile implements TailedFile {
  readonly #file: TailedFile
  #pieces: AsyncGenerator<Buffer> | undefined
  /** Bytes at hand. */
  #window: Buffer = Buffer.alloc(0)
  /** Where they begin. */
  #start = 0
  #size: number = Infinity
  isDamaged = false

  constructor(file: TailedFile) {
    this.#file = file
  }

  async status(): Promise<FileStatus> {
    return { ...(await this.#file.status()), size: this.#size }
  }

  async read(position: number, length: number): Promise<Buffer> {
    if (position < this.#start) await this.#reset()
    this.#pieces ??= decompressedBytes(gzip, () => compressed(this.#file), pieceBytes)
    while (this.#start + this.#window.length < position + length) {
      const piece = await this.#next(this.#pieces)
      if (piece === undefined) {
        this.#size = this.#start + this.#window.length
        break
      }
      const kept = this.#window.subarray(Math.max(0, position - this.#start))
      this.#start += this.#window.length - kept.length
      this.#window = Buffer.concat([kept, piece])
    }
    const from = position - this.#start
    return Buffer.from(this.#window.subarray(from, from + length))
  }

  async close(): Promise<void> {
    await this.#pieces?.return(undefined)
    await this.#file.close()
  }

  /** Undefined at the end, also where the rest is damaged, or not there yet. */
  async #next(pieces: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
    try {
      const next = await pieces.next()
      return next.done === true ? undefined : next.value
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error
      this.isDamaged = true
      return undefined
    }
  }

  async #reset(): Promise<void> {
    await this.#pieces?.return(undefined)
    this.#pieces = undefined
    this.#window = Buffer.alloc(0)
    this.#start = 0
  }
}

async function* compressed(file: TailedFile): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const piece = await file.read(position, pieceBytes)
    if (piece.length === 0) return
    position += piece.length
    yield piece
  }
}
