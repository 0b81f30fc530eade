import type { Line } from '../adapters/line/line.ts'
import { TidemarkError } from '../lib/errors.ts'
import { run } from '../lib/run.ts'
import type { Call } from './call.ts'
import { toConfig } from './to-config.ts'
import { fateText } from './fate-text.ts'
import { LineWatch } from './line-watch.ts'
import { toPipeline } from './pipeline.ts'
import { settle } from './settle.ts'
import { openSources } from './sources.ts'
import { toWindows } from './to-windows.ts'
import { noTerminal } from './surroundings.ts'
import { UsageError } from './usage-error.ts'

/** Lines that are told of. */
const mostLines = 10

/**
 * Tells what the command makes of lines: those with a number, or those that contain a text.
 *
 * @throws UsageError for a command line that is none; TidemarkError `input` if there is no such line
 */
export async function why({ commandLine, streams, onInterrupt }: Call): Promise<void> {
  const [question, ...files] = commandLine.files
  if (question === undefined || question === '') {
    throw new UsageError(
      'why: expected the number of a line, or a text in it, got nothing; such as tidemark why 42 -W 1h access.log',
    )
  }
  const given = toConfig({ ...commandLine, files }, noTerminal)
  for (const [flag, value] of Object.entries({ join: given.join, dedup: given.dedup })) {
    if (value !== undefined) throw new UsageError(`why: expected lines that count by themselves, got --${flag}`)
  }
  for (const flag of ['listen', 'kafka'] as const) {
    if (given[flag].length > 0) throw new UsageError(`why: expected lines that can be read to an end, got --${flag}`)
  }
  const say = (text: string): void => void streams.stderr.write(`${text}\n`)
  const quiet = given.isQuiet ? (): void => {} : say
  // Nothing is written but what was asked.
  const isolated = {
    ...given,
    follow: undefined,
    out: undefined,
    late: undefined,
    bad: undefined,
    checkpoint: undefined,
  }
  const config = await settle(isolated, streams.stdin, quiet)
  const text = fateText(config, await toWindows(config.window, config.windowText))
  const watch = new LineWatch(config.disorder, mostLines, isAskedBy(question))
  const layout = { multiline: config.multiline, threads: 0 }
  const sources = await openSources(config.inputs, layout, config.standardInput, quiet)
  const pipeline = await toPipeline(config, sources, () => {}, watch)
  // Errors are told by the job.
  const error = (): void => {}
  pipeline.late.subscribe({ next: (event) => watch.late(event), error })
  pipeline.untimed.subscribe({ next: ({ value }) => watch.untimed(pipeline.reasonOf(value)), error })
  const job = run(pipeline.results, () => {})
  const stopListening = onInterrupt(() => void job.drain())
  try {
    await job.done
  } finally {
    stopListening()
    streams.stdout.write(watch.found.map(({ line, fate }) => text(line, fate)).join('\n'))
  }
  if (watch.count > mostLines) quiet(`${watch.count - mostLines} more lines contain '${question}'`)
  if (watch.count === 0) throw new TidemarkError('input', `why: expected ${shownQuestion(question)}, got none`)
}

function isAskedBy(question: string): (line: Line) => boolean {
  if (isNumber(question)) return ({ number }) => number === Number(question)
  return (line) => line.text.includes(question)
}

function isNumber(question: string): boolean {
  return /^\d+$/.test(question)
}

function shownQuestion(question: string): string {
  return isNumber(question) ? `a line ${question}` : `a line with '${question}'`
}
