import type { DeadLetter } from '../line/dead-letter.ts'
import { show, TidemarkError } from '../../lib/errors.ts'
import { type Duration, toPositiveMillis } from '../../lib/time.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { toByteCount } from '../line/byte-count.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import type { Framing } from './frame.ts'
import { FrameSplitter } from './frame-splitter.ts'
import type { Splitter } from './splitter.ts'

/** Options that `listen` and `connect` have in common. */
export interface SocketOptions {
  /** Cuts the bytes of a connection: `lengthPrefix`, `octetCounting` or a function of yours. At line ends unless given. */
  readonly framing?: Framing
  /** Longest line or frame, without what ends it; a longer one is passed over and refused. 64 KiB unless given. */
  readonly maxLineBytes?: number
  /** Refuses lines that are no UTF-8. Lines are unless this is false, frames of a `framing` only if it is true. */
  readonly utf8?: boolean
  /** A line that was begun must end within this time, or the connection is closed; `'1m'` unless given. */
  readonly lineTimeout?: Duration
  /** A connection from which nothing has come for so long is closed; never unless given. */
  readonly idleTimeout?: Duration
  /** Gets what did not become a line, each with peer, place and reason. It is counted in any case. */
  readonly refused?: SideOutput<DeadLetter>
}

/** Validated. */
export interface SocketSettings {
  readonly isText: boolean
  readonly lineTimeout: number
  readonly idleTimeout: number
  splitter(peer: string, refused: (line: DeadLetter) => void): Splitter
}

/** 64 KiB: less than of a file, because there are many of them, and strangers at their other ends. */
const defaultMaxLineBytes = 2 ** 16

/**
 * @param who names the adapter in errors
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a bad option
 */
export function toSocketSettings(who: string, options: SocketOptions): SocketSettings {
  const { framing, utf8 = framing === undefined, lineTimeout = '1m', idleTimeout } = options
  const maxLineBytes = toByteCount(options.maxLineBytes ?? defaultMaxLineBytes, `${who}: maxLineBytes`)
  if (framing !== undefined && typeof framing !== 'function') {
    throw new TidemarkError('invalid-argument', `${who}: expected a function as framing, got ${show(framing)}`)
  }
  return {
    isText: utf8,
    lineTimeout: toPositiveMillis(lineTimeout, `${who}: lineTimeout`),
    idleTimeout: idleTimeout === undefined ? Infinity : toPositiveMillis(idleTimeout, `${who}: idleTimeout`),
    splitter: (peer, refused) =>
      framing === undefined
        ? new LineSplitter(peer, maxLineBytes, refused)
        : new FrameSplitter(peer, framing, maxLineBytes, refused),
  }
}
