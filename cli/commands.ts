import type { Command } from './command.ts'
import type { CommandLine } from './command-line.ts'

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
