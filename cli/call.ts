import type { CommandLine } from './command-line.ts'
import type { StandardStreams } from './standard-streams.ts'

/** What a command finds when it is called. */
export interface Call {
  /** Without the word of the command among its files. */
  readonly commandLine: CommandLine
  readonly streams: StandardStreams
  readonly onInterrupt: OnInterrupt
  readonly environment: Environment
}

/** How a signal reaches the job: returns a function that stops listening. */
export type OnInterrupt = (interrupt: () => void) => () => void

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>
