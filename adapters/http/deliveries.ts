import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DeadLetter } from '../line/dead-letter.ts'
import { Fifo } from '../../lib/async/fifo.ts'
import type { Chunk, ChunkReader } from '../../lib/chunk-source.ts'
import type { Line } from '../line/line.ts'
import { PushedChunks } from '../line/pushed-chunks.ts'
import { type BodyLimits, Delivery, noRoom, type Refusal } from './delivery.ts'

/** Requests that wait at most, whatever their size. */
const mostWaiting = 1_024

/** What was posted and waits for the job. Each request is a chunk, and answered when that has gone through. */
export class Deliveries implements ChunkReader<Line> {
  readonly #limits: BodyLimits
  readonly #maxWaitingBytes: number
  readonly #retryAfter: string
  readonly #refuse: (line: DeadLetter) => void
  readonly #chunks: PushedChunks<Line> = new PushedChunks(() => this.#next())
  readonly #ready = new Fifo<Delivery>()
  /** Being received, waiting, or in the pipeline. */
  readonly #open = new Set<Delivery>()
  /** Answers on their way. */
  readonly #answers = new Set<Promise<void>>()
  #bytes = 0

  constructor(limits: BodyLimits, maxWaitingBytes: number, retryAfter: number, refuse: (line: DeadLetter) => void) {
    this.#limits = limits
    this.#maxWaitingBytes = maxWaitingBytes
    this.#retryAfter = String(Math.ceil(retryAfter / 1_000))
    this.#refuse = refuse
  }

  /** Receives the body of a request. */
  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const delivery = new Delivery(request, response)
    this.#open.add(delivery)
    const hasRoom = this.#reserve(delivery.bytes) && this.#open.size <= mostWaiting
    const refusal = hasRoom ? await delivery.read(this.#limits, (more) => this.#reserve(more)) : noRoom
    if (!this.#open.has(delivery)) return
    if (refusal !== undefined) {
      this.#answer(delivery, refusal)
    } else if (delivery.lines.length === 0) {
      this.#accept(delivery)
    } else {
      this.#ready.push(delivery)
      this.#chunks.changed()
    }
  }

  /** Refuses a request whatever it brings. */
  turnAway(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    const delivery = new Delivery(request, response)
    this.#tell(delivery, refusal)
    this.#send(delivery, refusal, refusal.status === 405 ? { Allow: 'POST' } : {})
  }

  read(): Chunk<Line> | undefined | Promise<Chunk<Line> | undefined> {
    return this.#chunks.read()
  }

  /** Nothing can be received any more. */
  fail(failure: unknown): void {
    this.#chunks.end({ failure })
  }

  /** What has not gone through was not accepted. Resolves when everybody has an answer. */
  async close(): Promise<void> {
    this.#chunks.end()
    for (const delivery of this.#open) {
      this.#answer(delivery, { status: 503, reason: 'the job has ended' })
    }
    await Promise.all(this.#answers)
  }

  #next(): Chunk<Line> | undefined {
    const delivery = this.#ready.shift()
    if (delivery === undefined) return undefined
    return { values: delivery.lines, onTaken: () => this.#accept(delivery) }
  }

  #reserve(bytes: number): boolean {
    this.#bytes += bytes
    return this.#bytes <= this.#maxWaitingBytes
  }

  #answer(delivery: Delivery, refusal: Refusal): void {
    this.#leave(delivery)
    this.#tell(delivery, refusal)
    const isLater = refusal.status === 429 || refusal.status === 503
    this.#send(delivery, refusal, isLater ? { 'Retry-After': this.#retryAfter } : {})
  }

  #accept(delivery: Delivery): void {
    // Answered already where the job has ended meanwhile.
    if (!this.#open.has(delivery)) return
    this.#leave(delivery)
    this.#send(delivery, { status: 202, reason: 'accepted' })
  }

  #send(delivery: Delivery, { status, reason }: Refusal, headers: Readonly<Record<string, string>> = {}): void {
    const answer = delivery.answer(status, reason, headers).finally(() => this.#answers.delete(answer))
    this.#answers.add(answer)
  }

  #tell({ peer, bytes }: Delivery, { status, reason }: Refusal): void {
    this.#refuse({ source: peer, number: 0, offset: 0, byteLength: bytes, reason: `${status}: ${reason}` })
  }

  #leave(delivery: Delivery): void {
    if (!this.#open.delete(delivery)) return
    this.#bytes -= delivery.bytes
  }
}
