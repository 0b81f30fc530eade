import { TidemarkError } from '../lib/errors.ts'
import { route, run } from '../lib/run.ts'
import { isBrokenPipe } from './broken-pipe.ts'
import type { OnInterrupt } from './call.ts'
import type { Config } from './config.ts'
import { onlyWhatIsRead } from './only-what-is-read.ts'
import { toPipeline } from './pipeline.ts'
import { openResults } from './results.ts'
import { type Settled, settle } from './settle.ts'
import { openSideFiles } from './side-files.ts'
import { openSources } from './sources.ts'
import type { StandardStreams } from './standard-streams.ts'
import type { OpenSubtotals } from './subtotals/open-subtotals.ts'
import { planOf } from './subtotals/plan.ts'
import type { RangeThread } from './subtotals/range-threads.ts'
import { rangesOf } from './subtotals/ranges.ts'
import { summary } from './summary.ts'
import { openView, type View } from './view.ts'
import { WindowCount } from './window-count.ts'

/**
 * Runs the job that a configuration describes to its end. An interrupt ends the input: what was read gives its results, or, with checkpoints, is
 * saved for the next start. When
 * whoever reads the results has gone, as `head` does, that is the end too.
 *
 * @param ahead threads that may be used, and are closed by whoever has started them
 * @returns whether it was interrupted
 * @throws UsageError for a field that the format has not; TidemarkError for what can't be read or written, and for the first bad line when strict
 */
export async function runJob(
  given: Config,
  streams: StandardStreams,
  onInterrupt: OnInterrupt,
  ahead: readonly RangeThread[] = [],
): Promise<boolean> {
  const view = await openView(given, streams)
  try {
    return await runSeen(given, streams, onInterrupt, view, ahead)
  } finally {
    view.close()
  }
}

async function runSeen(
  given: Config,
  streams: StandardStreams,
  onInterrupt: OnInterrupt,
  view: View,
  ahead: readonly RangeThread[],
): Promise<boolean> {
  const say = given.isQuiet ? (): void => {} : view.say
  const config = onlyWhatIsRead(await settle(given, streams.stdin, say))
  const subtotals = await subtotalsOf(config, ahead)
  try {
    return await runRead(config, streams, onInterrupt, view, subtotals)
  } finally {
    await subtotals?.close()
  }
}

/** The lines of finished files are added up on all cores, where nothing has to see them one by one. */
async function subtotalsOf(config: Settled, ahead: readonly RangeThread[]): Promise<OpenSubtotals | undefined> {
  const plan = planOf(config)
  const ranges = plan && rangesOf(config.inputs)
  return plan && ranges && (await (await import('./subtotals/open-subtotals.ts')).openSubtotals(plan, ranges, ahead))
}

async function runRead(
  config: Settled,
  streams: StandardStreams,
  onInterrupt: OnInterrupt,
  view: View,
  subtotals: OpenSubtotals | undefined,
): Promise<boolean> {
  const { say } = view
  const inputs = [...config.inputs, ...(config.joined?.inputs ?? [])]
  const from = subtotals ?? (await openSources(inputs, config, config.standardInput, config.isQuiet ? () => {} : say))
  const isCharted = config.output === 'chart' || config.svg !== undefined
  const chart = isCharted ? await (await import('./chart/open-chart.ts')).openChart(config) : undefined
  const pipeline = await toPipeline(config, from, say, chart?.probe)
  const windows = new WindowCount(config)
  const files = await openSideFiles(config, pipeline)
  const results = await openResults(config, streams.stdout, windows, view, chart?.data)
  const job = run([route(pipeline.results, results.sink), ...files.routes, ...(chart?.routes(pipeline) ?? [])], {
    onNotice: ({ message }) => say(message),
    ...(config.checkpoint && { checkpoint: config.checkpoint }),
    ...(config.replayClock && { clock: config.replayClock }),
  })
  view.begin({ metrics: () => pipeline.metrics(job.metrics()) }, config)
  let isInterrupted = false
  const stopListening = onInterrupt(() => {
    isInterrupted = true
    // What has been saved goes on at the next start, so that an end here would be one too early.
    if (config.checkpoint === undefined) void job.drain()
    else void job.stop()
  })
  try {
    const metrics = pipeline.metrics(await job.done)
    view.close()
    await chart?.write()
    if (config.hasStats) say((await import('./stats.ts')).stats(metrics))
    if (!config.isQuiet) {
      for (const line of [summary(metrics, windows.total), ...pipeline.notes()]) say(line)
    }
  } catch (error) {
    if (!isBrokenPipe(error)) throw ofCheckpoint(error, config.checkpoint?.dir)
  } finally {
    stopListening()
    await files.close()
    await results.close()
    await chart?.close()
  }
  return isInterrupted
}

/** Says of an error of the state what the user can do. */
function ofCheckpoint(error: unknown, dir: string | undefined): unknown {
  if (dir === undefined || !(error instanceof TidemarkError) || error.code !== 'checkpoint') return error
  const [what = ''] = error.message.replace(/^run: /, '').split(/; (?=name what)/)
  const way = 'give the command that it was begun with, or another folder'
  return new TidemarkError('checkpoint', `--checkpoint ${dir}: ${what}; ${way}`, { cause: error })
}
