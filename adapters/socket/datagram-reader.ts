import type { RemoteInfo, Socket } from 'node:dgram'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Chunk, ChunkReader } from '../../lib/chunk-source.ts'
import { Line } from '../line/line.ts'
import { PushedChunks } from '../line/pushed-chunks.ts'
import { showHost } from './socket-address.ts'

/** What one costs beside its bytes, about. */
const overhead = 256
const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Reads datagrams, all that wait at once. Nobody who sends them can be held back: while the job has no room they wait, `maxBytes` of
 * them at most, and what comes then is refused.
 */
export class DatagramReader implements ChunkReader<Line> {
  readonly #socket: Socket
  readonly #maxBytes: number
  readonly #refuse: (line: DeadLetter) => void
  readonly #accept: (line: Line) => boolean
  readonly #chunks: PushedChunks<Line> = new PushedChunks(() => this.#next())
  #waiting: Line[] = []
  #bytes = 0
  #number = 0
  #offset = 0

  /** @param accept refuses a datagram by itself, and says false then */
  constructor(socket: Socket, maxBytes: number, refuse: (line: DeadLetter) => void, accept: (line: Line) => boolean) {
    this.#socket = socket
    this.#maxBytes = maxBytes
    this.#refuse = refuse
    this.#accept = accept
    socket.on('message', (bytes, from) => this.#take(bytes, from))
    socket.on('error', (failure) => this.#chunks.end({ failure }))
    socket.on('close', () => this.#chunks.end())
  }

  read(): Chunk<Line> | undefined | Promise<Chunk<Line> | undefined> {
    return this.#chunks.read()
  }

  async close(): Promise<void> {
    this.#chunks.end()
    await new Promise<void>((resolve) => {
      this.#socket.close(resolve)
    })
  }

  #next(): Chunk<Line> | undefined {
    if (this.#waiting.length === 0) return undefined
    const values = this.#waiting
    this.#waiting = []
    this.#bytes = 0
    return { values }
  }

  #take(bytes: Buffer, { address, port }: RemoteInfo): void {
    this.#number += 1
    const line = new Line(bytes, 0, textEnd(bytes), showHost(address, port), this.#number, this.#offset)
    this.#offset += bytes.length
    if (!this.#accept(line)) return
    if (this.#bytes + bytes.length + overhead > this.#maxBytes) {
      const { source, number, offset } = line
      this.#refuse({ source, number, offset, byteLength: bytes.length, reason: 'no room: the job is behind' })
      return
    }
    this.#bytes += bytes.length + overhead
    this.#waiting.push(line)
    this.#chunks.changed()
  }
}

/** Without a line ending, which many put there. */
function textEnd(bytes: Buffer): number {
  const { length } = bytes
  if (bytes[length - 1] !== lineFeed) return length
  return bytes[length - 2] === carriageReturn ? length - 2 : length - 1
}
