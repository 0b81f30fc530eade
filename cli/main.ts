import { TidemarkError } from '../lib/errors.ts'
import { parseCommandLine } from './command-line.ts'
import type { OnInterrupt, StandardStreams } from './run-job.ts'
import { UsageError } from './usage-error.ts'

/** Exit codes of the command. */
const exit = { ok: 0, dataError: 1, usage: 2, interrupted: 130 } as const

/**
 * Carries out a command line. What goes wrong is written to standard error, in one line.
 *
 * @param onInterrupt how to hear of Ctrl-C, the first of which ends the input
 * @returns the exit code
 */
export async function main(
  argv: readonly string[],
  streams: StandardStreams,
  onInterrupt: OnInterrupt,
): Promise<number> {
  const { stdout, stderr } = streams
  // A reader that has gone, as behind `| head`, is no failure. Sinks hear of it themselves.
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  let isInterrupted = false
  try {
    const commandLine = parseCommandLine(argv)
    if (commandLine.flags.has('help')) {
      stdout.write((await import('./help.ts')).help())
      return exit.ok
    }
    if (commandLine.flags.has('version')) {
      stdout.write((await import('./version.ts')).versionLine())
      return exit.ok
    }
    const { toConfig } = await import('./config.ts')
    const config = toConfig(commandLine, stdout.isTTY === true)
    const { runJob } = await import('./run-job.ts')
    await runJob(config, streams, (interrupt) =>
      onInterrupt(() => {
        isInterrupted = true
        interrupt()
      }),
    )
    return isInterrupted ? exit.interrupted : exit.ok
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error
    // A mistake that shows only when a file is read comes with the operator's name around it.
    const mistake = error instanceof UsageError ? error : error.cause
    if (mistake instanceof UsageError) {
      stderr.write(`tidemark: ${mistake.message}\nTry 'tidemark --help'.\n`)
      return exit.usage
    }
    stderr.write(`tidemark: ${error.message}\n`)
    return exit.dataError
  }
}
