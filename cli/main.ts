import { messageOf, TidemarkError } from '../lib/errors.ts'
import type { Call, Environment, OnInterrupt } from './call.ts'
import { parseCommandLine } from './command-line.ts'
import { commandOf, commands } from './commands.ts'
import type { StandardStreams } from './standard-streams.ts'
import { threadsAhead } from './subtotals/threads-ahead.ts'
import { UsageError } from './usage-error.ts'

/** Exit codes of the command. */
const exit = { ok: 0, dataError: 1, usage: 2, interrupted: 130 } as const

/**
 * Carries out a command line. What goes wrong is written to standard error, in one line.
 *
 * @param onInterrupt how to hear of Ctrl-C, the first of which ends the input
 * @param environment the variables of the process
 * @returns the exit code
 */
export async function main(
  argv: readonly string[],
  streams: StandardStreams,
  onInterrupt: OnInterrupt,
  environment: Environment = {},
): Promise<number> {
  const { stdout, stderr } = streams
  // A reader that has gone, as behind `| head`, is no failure. Sinks hear of it themselves.
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  try {
    const takesAll = commands.some((command) => command.takesAll === true && command.name === argv[0])
    const commandLine = takesAll ? { flags: new Map(), files: argv } : parseCommandLine(argv)
    if (commandLine.flags.has('help')) {
      stdout.write((await import('./help.ts')).help(commands))
      return exit.ok
    }
    if (commandLine.flags.has('version')) {
      stdout.write((await import('./version.ts')).versionLine())
      return exit.ok
    }
    const call: Call = { commandLine, streams, onInterrupt, environment }
    const command = commandOf(commandLine)
    if (command !== undefined) {
      const rest = { ...commandLine, files: commandLine.files.slice(1) }
      const handle = await command.load()
      return (await handle({ ...call, commandLine: rest }, commands)) ?? exit.ok
    }
    const ahead = await threadsAhead(commandLine.files)
    try {
      return (await (await import('./answer.ts')).answer(call, ahead)) ? exit.interrupted : exit.ok
    } finally {
      await Promise.all(ahead.map((thread) => thread.close()))
    }
  } catch (error) {
    // A mistake that shows only when a file is read comes with the operator's name around it.
    const mistake = error instanceof UsageError ? error : error instanceof TidemarkError ? error.cause : undefined
    if (mistake instanceof UsageError) {
      stderr.write(`tidemark: ${mistake.message}\nTry 'tidemark --help'.\n`)
      return exit.usage
    }
    if (error instanceof TidemarkError) {
      stderr.write(`tidemark: ${error.message}\n`)
      return exit.dataError
    }
    stderr.write(
      `tidemark: ${messageOf(error)}\nThis is a defect: please report it, with the command and a line of the input.\n`,
    )
    return exit.dataError
  }
}
