import type { Readable } from 'node:stream'
import type { TerminalStream } from './screen/terminal.ts'

/** What standard output is called in errors. */
export const standardOutput = 'standard output'

/** The streams of the process, or others in their place. */
export interface StandardStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
}
