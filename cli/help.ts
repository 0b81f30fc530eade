import type { Call } from './call.ts'
import type { Command } from './command.ts'
import type { Flag } from './flag.ts'
import { flagGroups } from './flags.ts'

/** Columns of the help. */
const width = 100
/** Where the explanations begin. */
const indent = 30

/** What the command is and reads, a paragraph each. */
export const about: readonly string[] = [
  'Aggregates the lines of logs by windows of event time, however much out of order they come.',
  `A FILE is a path, a glob in quotes, or '-' for standard input, which is read when there is none.
Files compressed with gzip are decompressed. Several files are read side by side, by event time.
A file that is called as one of the commands is read as ./help.`,
]

/** How it may end. */
export const exitCodes: string = `0 all is well; 1 a file can't be read or written, or with --strict a line didn't parse;
2 wrong usage; 130 interrupted, after the results of what was read, or, with --checkpoint, with all
saved for the next start (not so with a second Ctrl-C).`

export const durations = 'DUR is a number with a unit, or several: 500ms, 90s, 5m, 1h30m, 7d, 2w.'

export const examples: readonly string[] = [
  "tidemark --parse combined --window 1h --agg 'users=distinct(host)' --disorder 60s access.log",
  "tail -F access.log | tidemark -p combined -W 1m -b status -a 'hits=count(),sum(bytes)'",
  "tidemark -W none -b path -w 'status >= 500' --sort count:desc --limit 10 access.log",
  "tidemark -p json -t ts -W hop:1h/5m -a 'avg(ms)' --late late.ndjson 'logs/*.json.gz'",
]

const head = `Usage: tidemark [OPTION]... [FILE]...
       tidemark COMMAND ...

${about.join('\n\n')}

Commands:
`

const foot = `
${durations}

Exit codes: ${exitCodes}

Examples:
${examples.map((example) => `  ${example}\n`).join('')}`

/** Shows the help. */
export function showHelp({ streams }: Call, commands: readonly Command[]): void {
  streams.stdout.write(help(commands))
}

/** Writes the help from the tables of flags and commands. */
export function help(commands: readonly Command[]): string {
  const groups = flagGroups.map(({ title, flags }) => `\n${title}:\n${flags.map(flagEntry).join('')}`)
  return `${head}${commands.map(commandEntry).join('')}${groups.join('')}${foot}`
}

function commandEntry({ name, words, summary }: Command): string {
  return described(`  ${name} ${words}`, summary)
}

function flagEntry({ name, short, value, help: text }: Flag): string {
  const names = `  ${short === undefined ? '   ' : `-${short},`} --${name}${value === undefined ? '' : ` ${value}`}`
  return described(names, text)
}

function described(what: string, text: string): string {
  const [first = '', ...rest] = wrapped(text, width - indent)
  const padding = ' '.repeat(indent)
  return `${[`${what.padEnd(indent - 1)} ${first}`, ...rest.map((line) => `${padding}${line}`)].join('\n')}\n`
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
