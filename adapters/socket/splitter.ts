import type { Line } from '../line/line.ts'

/** Cuts the bytes of one connection. `LineSplitter` is one. */
export interface Splitter {
  /** Lines or frames handed out or refused so far. */
  readonly number: number
  /** Where the one begins that has not ended. */
  readonly lineOffset: number
  /** Bytes taken so far. */
  readonly offset: number
  /** Why nothing can be found in what follows. */
  readonly fault?: string | undefined
  /** Takes the next bytes, and returns what ends in them. */
  push(bytes: Buffer): Line[]
  /** Returns what only the end of the connection has ended. */
  end(): Line[]
}
