import type { CommandLine } from './command-line.ts'
import type { Environment } from './main.ts'
import type { OnInterrupt } from './run-job.ts'
import type { StandardStreams } from './standard-streams.ts'

/** What a command finds when it is called. */
export interface Call {
  /** Without the word of the command among its files. */
  readonly commandLine: CommandLine
  readonly streams: StandardStreams
  readonly onInterrupt: OnInterrupt
  readonly environment: Environment
}

/** Carries out a call; an exit code, unless all is well. */
export type Handler = (call: Call) => number | void | Promise<number | void>

/** What stands in front of the FILEs to do something else with them. */
export interface Command {
  readonly name: string
  /** What may stand behind its name, in the help. */
  readonly words: string
  readonly summary: string
  /** All that stands behind its name are words of its own, also what looks like an option. */
  readonly takesAll?: boolean
  readonly load: () => Promise<Handler>
}

/** Every command by its name; each is loaded when it is called. */
export const commands: readonly Command[] = [
  {
    name: 'run',
    words: 'MODULE [ARG]...',
    summary: 'run the pipeline that a module exports by default, as an application would',
    takesAll: true,
    load: async () => (await import('./run-module.ts')).runModule,
  },
  {
    name: 'why',
    words: 'LINE|TEXT ...',
    summary: 'tell what becomes of a line, by its number or a text in it, and why: options and FILEs as without why',
    load: async () => (await import('./why.ts')).why,
  },
  {
    name: 'record',
    words: 'RECORDING',
    summary: 'copy standard input to standard output, and what came when to a file',
    load: async () => (await import('./record.ts')).record,
  },
  {
    name: 'replay',
    words: 'RECORDING ...',
    summary: 'give a recording once more, with --window as the input of a command, else to standard output',
    load: async () => (await import('./replay.ts')).replay,
  },
  {
    name: 'help',
    words: '',
    summary: 'show this help',
    load: async () => (await import('./help.ts')).showHelp,
  },
  {
    name: 'lateness',
    words: '[OPTION]... [FILE]',
    summary: 'show what each --disorder would cost and save, and recommend one',
    load: async () => (await import('./lateness/lateness.ts')).lateness,
  },
  {
    name: 'completion',
    words: 'bash | zsh | fish',
    summary: 'write the script that completes command lines in a shell',
    load: async () => (await import('./completion/completion.ts')).showCompletion,
  },
]

/** The command that the first word names, if it does. */
export function commandOf({ files }: CommandLine): Command | undefined {
  return commands.find(({ name }) => name === files[0])
}
