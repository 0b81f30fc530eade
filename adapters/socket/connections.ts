import type { Socket } from 'node:net'
import type { DeadLetter } from '../line/dead-letter.ts'
import { Fifo } from '../../lib/async/fifo.ts'
import type { Chunk, ChunkReader } from '../../lib/chunk-source.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Line } from '../line/line.ts'
import { PushedChunks } from '../line/pushed-chunks.ts'
import { Connection, type ConnectionHost } from './connection.ts'
import type { SocketSettings } from './socket-options.ts'

/** Takes turns in reading connections, of which there may be any number. */
export class Connections implements ChunkReader<Line>, ConnectionHost {
  readonly settings: SocketSettings
  readonly refuse: (line: DeadLetter) => void
  readonly #clock: Clock
  /** Those that have not been read to their ends, with what is to be done then. */
  readonly #live = new Map<Connection, () => void>()
  /** Those that have something, in the order in which they got it. */
  readonly #queue = new Fifo<Connection>()
  readonly #chunks: PushedChunks<Line> = new PushedChunks(
    () => this.#next(),
    () => this.#live.size === 0,
  )
  #disarm: (() => void) | undefined

  constructor(settings: SocketSettings, clock: Clock, refuse: (line: DeadLetter) => void) {
    this.settings = settings
    this.refuse = refuse
    this.#clock = clock
  }

  get size(): number {
    return this.#live.size
  }

  now(): number {
    return this.#clock.now()
  }

  /** @param onEnd is called when everything that came has been read */
  add(socket: Socket, peer: string, onEnd: (connection: Connection) => void = () => {}): void {
    if (this.#chunks.hasEnded) {
      socket.destroy()
      return
    }
    const connection = new Connection(socket, peer, this)
    this.#live.set(connection, () => onEnd(connection))
    this.ready(connection)
    this.#watch(connection.look(this.now()))
  }

  ready(connection: Connection): void {
    if (connection.isQueued || connection.isOver) return
    connection.isQueued = true
    this.#queue.push(connection)
    this.#chunks.changed()
  }

  /** No connection comes any more; reading ends when all that are there have been read, with an error if one is given. */
  end(end: { readonly failure?: unknown } = {}): void {
    this.#chunks.end(end)
  }

  read(): Chunk<Line> | undefined | Promise<Chunk<Line> | undefined> {
    return this.#chunks.read()
  }

  async close(): Promise<void> {
    this.end()
    this.#disarm?.()
    await Promise.all([...this.#live.keys()].map((connection) => connection.close()))
    this.#live.clear()
    this.#chunks.changed()
  }

  #next(): Chunk<Line> | undefined {
    for (let connection = this.#queue.shift(); connection !== undefined; connection = this.#queue.shift()) {
      connection.isQueued = false
      const chunk = connection.take()
      // Behind the others.
      if (connection.hasMore) this.ready(connection)
      if (connection.isOver) this.#leave(connection)
      if (chunk !== undefined) return chunk
    }
    return undefined
  }

  #leave(connection: Connection): void {
    const onEnd = this.#live.get(connection)
    this.#live.delete(connection)
    onEnd?.()
  }

  /** Looks for what is silent or slow, at the first time at which there may be something. */
  #watch(time: number): void {
    if (this.#disarm !== undefined) return
    const { idleTimeout, lineTimeout } = this.settings
    const first = Math.min(time, this.now() + Math.min(idleTimeout, lineTimeout))
    this.#disarm = this.#clock.at(first, () => {
      this.#disarm = undefined
      const now = this.now()
      let next = Infinity
      for (const connection of this.#live.keys()) next = Math.min(next, connection.look(now))
      if (this.#live.size > 0 && !this.#chunks.hasEnded) this.#watch(next)
    })
  }
}
