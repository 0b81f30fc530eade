import type { Readable, Writable } from 'node:stream'
import { TextSink } from '../adapters/stdio/text-sink.ts'
import { TidemarkError } from '../lib/errors.ts'
import { route, run } from '../lib/run.ts'
import type { Sink } from '../lib/sink.ts'
import type { Config } from './config.ts'
import { loadFormat } from './format.ts'
import { toPipeline } from './pipeline.ts'
import { type Result, toRows } from './rows.ts'
import { openSideFiles } from './side-files.ts'
import { openSources } from './sources.ts'
import { WindowCount } from './window-count.ts'

/** The streams of the process, or others in their place. */
export interface StandardStreams {
  readonly stdin: Readable
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable
}

/** What standard output is called in errors. */
const standardOutput = 'standard output'

/** How a signal reaches the job: returns a function that stops listening. */
export type OnInterrupt = (interrupt: () => void) => () => void

/**
 * Runs the job that a configuration describes to its end. An interrupt ends the input: what was read gives its results. When
 * whoever reads the results has gone, as `head` does, that is the end too.
 *
 * @throws UsageError for a field that the format has not; TidemarkError for what can't be read or written, and for the first bad line when strict
 */
export async function runJob(config: Config, streams: StandardStreams, onInterrupt: OnInterrupt): Promise<void> {
  // First what may be wrong with the command line, then what may be with the files.
  const format = await loadFormat(config)
  const sources = await openSources(config.files, streams.stdin)
  const pipeline = await toPipeline(config, format, sources)
  const windows = new WindowCount(config.allowedLateness)
  const files = await openSideFiles(config, pipeline)
  const job = run([route(pipeline.results, await resultSink(config, streams.stdout, windows)), ...files.routes], {
    onNotice: ({ message }) => streams.stderr.write(`${message}\n`),
  })
  const stopListening = onInterrupt(() => void job.drain())
  try {
    const metrics = await job.done
    if (!config.isQuiet) {
      const { summary } = await import('./summary.ts')
      const notes = pipeline.fields.flatMap((field) => field.notes())
      streams.stderr.write([summary(metrics, windows.total), ...notes].map((line) => `${line}\n`).join(''))
    }
  } catch (error) {
    if (!isBrokenPipe(error)) throw error
  } finally {
    stopListening()
    await files.close()
  }
}

async function resultSink(config: Config, stdout: Writable, windows: WindowCount): Promise<Sink<Result>> {
  const rows = toRows(config)
  const format =
    config.output === 'table'
      ? (await import('./table-rows.ts')).tableRows(rows, config)
      : (await import('./ndjson-rows.ts')).ndjsonRows(rows)
  return new TextSink(standardOutput, stdout, (result) => {
    windows.add(result.window)
    return format(result)
  })
}

function isBrokenPipe(error: unknown): boolean {
  if (!(error instanceof TidemarkError) || error.code !== 'output' || error.operator !== standardOutput) return false
  return error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'EPIPE'
}
