import type { Readable } from 'node:stream'
import type { TerminalStream } from './screen/terminal.ts'

/** The streams of the process, or others in their place. */
export interface StandardStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
}
