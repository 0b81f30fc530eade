import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Line } from '../line/line.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import { textLines } from '../socket/text-lines.ts'
import { peerOf } from './http-server.ts'

/** How a request was answered that was not accepted. */
export interface Refusal {
  readonly status: number
  readonly reason: string
}

/** What bodies may be. */
export interface BodyLimits {
  readonly maxLineBytes: number
  readonly maxBodyBytes: number
}

/** The body of one request on its way, and its answer. */
export class Delivery {
  readonly peer: string
  lines: readonly Line[] = []
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #pieces: Buffer[] = []
  /** Bytes it takes. */
  bytes: number

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.peer = peerOf(request)
    this.#request = request
    this.#response = response
    // So much will come, if it is true.
    this.bytes = Number(request.headers['content-length'] ?? 0)
  }

  /**
   * Reads the body: undefined when all of it is there, and its lines are good.
   *
   * @param grows is told of bytes that were not announced, and says whether there is room for them
   */
  async read(limits: BodyLimits, grows: (bytes: number) => boolean): Promise<Refusal | undefined> {
    if (this.bytes > limits.maxBodyBytes) return { status: 413, reason: `longer than ${limits.maxBodyBytes} bytes` }
    let length = 0
    try {
      for await (const piece of this.#request as AsyncIterable<Buffer>) {
        length += piece.length
        if (length > limits.maxBodyBytes) return { status: 413, reason: `longer than ${limits.maxBodyBytes} bytes` }
        if (length > this.bytes && !this.#grow(length, grows)) return noRoom
        this.#pieces.push(piece)
      }
    } catch {
      return { status: 400, reason: 'broken off' }
    }
    return this.#split(limits)
  }

  /** Answers, and resolves when that has left, or can't any more. */
  async answer(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#pieces = []
    const response = this.#response
    if (response.destroyed) return
    // What was not read of the request is not worth reading.
    const more = this.#request.complete ? {} : { Connection: 'close' }
    response.writeHead(status, { 'Content-Type': 'text/plain', ...headers, ...more })
    await new Promise<void>((resolve) => {
      response.once('close', resolve)
      response.end(`${reason}\n`, resolve)
    })
  }

  #grow(length: number, grows: (bytes: number) => boolean): boolean {
    const more = length - this.bytes
    this.bytes = length
    return grows(more)
  }

  /** All or nothing: whoever is told that it was refused can send it again. */
  #split({ maxLineBytes }: BodyLimits): Refusal | undefined {
    let bad: DeadLetter | undefined
    const refused = (line: DeadLetter): void => void (bad ??= line)
    const splitter = new LineSplitter(this.peer, maxLineBytes, refused)
    const body = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.lines = textLines([...splitter.push(body), ...splitter.end()], refused)
    return bad === undefined ? undefined : { status: 400, reason: `line ${bad.number}: ${bad.reason}` }
  }
}

export const noRoom: Refusal = { status: 429, reason: 'no room: the job is behind' }
