import { createRequire } from 'node:module'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isObservable, type Observable } from 'rxjs'
import { messageOf, show, TidemarkError } from '../lib/errors.ts'
import type { Route, run, RunningJob, RunOptions } from '../lib/run.ts'
import { toJson } from '../adapters/line/to-json.ts'
import { isBrokenPipe } from './broken-pipe.ts'
import type { Call } from './commands.ts'
import { standardOutput } from './results.ts'
import { UsageError } from './usage-error.ts'

/** What a module exports: a pipeline, or what makes one of the arguments; and how it is run. */
interface PipelineModule {
  readonly default?: unknown
  readonly options?: RunOptions
}

type Pipeline = Observable<unknown> | readonly Route[]

/** What of the package runs a pipeline. */
interface Package {
  readonly run: typeof run
}

/**
 * Runs the pipeline that a module exports, its values as NDJSON to standard output. The first Ctrl-C ends the input, or, with
 * checkpoints, stops the job.
 *
 * @returns the exit code
 * @throws UsageError without a module, and for one that exports no pipeline; TidemarkError `input` for one that can't be loaded
 */
export async function runModule({ commandLine, streams, onInterrupt }: Call): Promise<number> {
  const [path, ...args] = commandLine.files
  if (path === undefined) {
    throw new UsageError('run: expected a module that exports a pipeline, got nothing; such as tidemark run hits.mjs')
  }
  const { default: exported, options = {} } = await load(path)
  const made: unknown =
    typeof exported === 'function' ? await (exported as (args: string[]) => unknown)(args) : exported
  const { run } = await packageOf(path)
  const job = await start(run, pipelineOf(made, path), streams.stdout, options)
  let isInterrupted = false
  const stopListening = onInterrupt(() => {
    isInterrupted = true
    if (options.checkpoint === undefined) void job.drain()
    else void job.stop()
  })
  try {
    await job.done
  } catch (error) {
    if (!isBrokenPipe(error)) throw error
  } finally {
    stopListening()
  }
  return isInterrupted ? 130 : 0
}

async function load(path: string): Promise<PipelineModule> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as PipelineModule
  } catch (error) {
    const isTypeScript = ['.ts', '.mts'].includes(extname(path)) && messageOf(error).includes('Unknown file extension')
    const hint = isTypeScript ? '; this Node reads no TypeScript, take 22.18 or newer, or JavaScript' : ''
    throw new TidemarkError('input', `run: expected to load '${path}', got ${messageOf(error)}${hint}`, {
      cause: error,
    })
  }
}

function pipelineOf(made: unknown, path: string): Pipeline {
  if (isObservable(made)) return made
  if (Array.isArray(made) && made.length > 0 && made.every(isRoute)) return made
  throw new UsageError(
    `run: expected '${path}' to export a pipeline by default, an observable, routes or a function of the arguments that gives them, got ${show(made)}`,
  )
}

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'connect' in value
}

/** The package that the module imports, which has to be the one that runs what it makes; this one, if it imports none. */
async function packageOf(path: string): Promise<Package> {
  let entry: string
  try {
    entry = createRequire(pathToFileURL(resolve(path))).resolve('tidemark')
  } catch {
    return await import('../lib/run.ts')
  }
  return (await import(pathToFileURL(entry).href)) as Package
}

async function start(
  run: Package['run'],
  pipeline: Pipeline,
  stdout: Call['streams']['stdout'],
  options: RunOptions,
): Promise<RunningJob> {
  if ('length' in pipeline) return run(pipeline, options)
  const { TextSink } = await import('../adapters/stdio/text-sink.ts')
  return run(pipeline, new TextSink(standardOutput, stdout, toJson), options)
}
