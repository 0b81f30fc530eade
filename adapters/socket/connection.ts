import type { Socket } from 'node:net'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Chunk } from '../../lib/chunk-source.ts'
import { messageOf } from '../../lib/errors.ts'
import { formatDuration } from '../../lib/time.ts'
import type { Split } from '../../lib/split.ts'
import type { Line } from '../line/line.ts'
import type { SocketSettings } from './socket-options.ts'
import type { Splitter } from './splitter.ts'
import { textLines } from './text-lines.ts'

/** What a connection tells those it belongs to. */
export interface ConnectionHost {
  readonly settings: SocketSettings
  /** There is something to be taken. */
  ready(connection: Connection): void
  refuse(line: DeadLetter): void
  now(): number
}

/** After each of these a connection may have something to give. */
const changes = ['readable', 'end', 'close'] as const

/**
 * One connection: a split. While nobody takes what has come, the socket is not read any further, and the peer has to wait. Holds what
 * Node reads ahead, and one line that has not ended.
 */
export class Connection implements Split {
  readonly peer: string
  /** It is in line to be taken from. */
  isQueued = false
  readonly #socket: Socket
  readonly #host: ConnectionHost
  readonly #splitter: Splitter
  #isOpened = false
  /** Nothing more is taken. */
  isOver = false
  /** Why it was closed from here. */
  #cut: string | undefined
  /** When something came last, and when the first of a line that has not ended. */
  #heard: number
  #begun: number | undefined

  constructor(socket: Socket, peer: string, host: ConnectionHost) {
    this.peer = peer
    this.#socket = socket
    this.#host = host
    this.#splitter = host.settings.splitter(peer, (line) => host.refuse(line))
    this.#heard = host.now()
    for (const name of changes) socket.on(name, () => host.ready(this))
    // Seen when it closes; nobody else need listen.
    socket.on('error', () => {})
  }

  isWaiting(): boolean {
    return this.isQueued
  }

  /** It has given a line. */
  get hasSpoken(): boolean {
    return this.#splitter.number > 0
  }

  /** More is at hand than was taken. */
  get hasMore(): boolean {
    return !this.isOver && (this.#socket.readableLength > 0 || this.#socket.closed || this.#socket.readableEnded)
  }

  /** What has come: undefined if that is not even the end of a line. */
  take(): Chunk<Line> | undefined {
    if (this.isOver) return undefined
    const piece: unknown = this.#cut === undefined ? this.#socket.read() : null
    if (Buffer.isBuffer(piece)) return this.#opened(this.#split(piece))
    if (this.#socket.readableEnded || this.#socket.closed || this.#cut !== undefined) return this.#last()
    return this.#opened([])
  }

  /** Closes it for a reason. */
  cut(reason: string): void {
    if (this.isOver || this.#cut !== undefined) return
    this.#cut = reason
    this.#socket.destroy()
    this.#host.ready(this)
  }

  /** Closes it because nobody wants to hear more. */
  async close(): Promise<void> {
    this.isOver = true
    if (this.#socket.closed) return
    await new Promise<void>((resolve) => {
      this.#socket.once('close', resolve)
      this.#socket.destroy()
    })
  }

  /** Cuts it if it has been silent or slow for too long; says when to look again. */
  look(now: number): number {
    const { idleTimeout, lineTimeout } = this.#host.settings
    // What is at hand has not been asked for.
    if (this.isQueued) {
      this.#heard = now
      if (this.#begun !== undefined) this.#begun = now
    }
    const silent = this.#heard + idleTimeout
    const slow = (this.#begun ?? Infinity) + lineTimeout
    if (slow <= now) this.cut(`no end of a line within ${formatDuration(lineTimeout)}`)
    else if (silent <= now) this.cut(`silent for ${formatDuration(idleTimeout)}`)
    return Math.min(slow, silent)
  }

  #split(piece: Buffer): Line[] {
    const splitter = this.#splitter
    const lines = splitter.push(piece)
    this.#heard = this.#host.now()
    if (splitter.lineOffset === splitter.offset) this.#begun = undefined
    else if (lines.length > 0 || this.#begun === undefined) this.#begun = this.#heard
    if (splitter.fault !== undefined) this.cut(splitter.fault)
    return this.#checked(lines)
  }

  #opened(values: Line[]): Chunk<Line> | undefined {
    if (values.length === 0 && this.#isOpened) return undefined
    this.#isOpened = true
    return { values, split: this }
  }

  #last(): Chunk<Line> {
    this.isOver = true
    const values = this.#socket.readableEnded && this.#cut === undefined ? this.#checked(this.#splitter.end()) : []
    this.#refuseRest(values.length > 0)
    // What ends well is answered well.
    if (this.#socket.readableEnded) this.#socket.destroySoon()
    else this.#socket.destroy()
    return { values, split: this, isLast: true }
  }

  /** What did not come to its end, and a connection that did not. */
  #refuseRest(hasEnded: boolean): void {
    const { number, offset, lineOffset, fault } = this.#splitter
    const { errored } = this.#socket
    const broken = fault ?? this.#cut ?? (errored === null ? undefined : messageOf(errored))
    const byteLength = hasEnded ? 0 : offset - lineOffset
    if (broken === undefined && byteLength === 0) return
    const reason = broken ?? 'closed before its end'
    this.#host.refuse({ source: this.peer, number: number + 1, offset: lineOffset, byteLength, reason })
  }

  #checked(lines: Line[]): Line[] {
    return this.#host.settings.isText ? textLines(lines, (line) => this.#host.refuse(line)) : lines
  }
}
