import { createRequire } from 'node:module'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Observable } from 'rxjs'
import { messageOf, show, TidemarkError } from '../lib/errors.ts'
import type { ndjson } from '../adapters/stdio/ndjson.ts'
import type { Route, run, RunningJob, RunOptions } from '../lib/run.ts'
import { isBrokenPipe } from './broken-pipe.ts'
import type { Call } from './call.ts'
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
  readonly ndjson: typeof ndjson
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
  try {
    const made: unknown =
      typeof exported === 'function' ? await (exported as (args: string[]) => unknown)(args) : exported
    const job = start(await packageOf(path), pipelineOf(made, path), streams.stdout, options)
    return await ended(job, options, onInterrupt)
  } catch (error) {
    throw asOwn(error)
  }
}

async function ended(job: RunningJob, options: RunOptions, onInterrupt: Call['onInterrupt']): Promise<number> {
  let isInterrupted = false
  const stopListening = onInterrupt(() => {
    isInterrupted = true
    if (options.checkpoint === undefined) void job.drain()
    else void job.stop()
  })
  try {
    await job.done
  } catch (error) {
    if (!isBrokenPipe(asOwn(error), 'ndjson')) throw error
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

/** By what it can do, because its class is that of the module's own RxJS. */
function isObservable(value: unknown): value is Observable<unknown> {
  if (typeof value !== 'object' || value === null || !('lift' in value) || !('subscribe' in value)) return false
  return typeof value.lift === 'function' && typeof value.subscribe === 'function'
}

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'connect' in value
}

/**
 * The package that the module imports, which has to be the one that runs what it makes, because a job is known to the modules that it
 * began in; this one, if it imports none.
 */
async function packageOf(path: string): Promise<Package> {
  const { resolve: find } = createRequire(pathToFileURL(resolve(path)))
  let main: string
  let stdio: string
  try {
    main = find('tidemark')
    stdio = find('tidemark/adapters/stdio')
  } catch {
    const { run } = await import('../index.ts')
    const { ndjson } = await import('../adapters/stdio/index.ts')
    return { run, ndjson }
  }
  const { run } = (await import(pathToFileURL(main).href)) as Pick<Package, 'run'>
  const { ndjson } = (await import(pathToFileURL(stdio).href)) as Pick<Package, 'ndjson'>
  return { run, ndjson }
}

function start(
  { run, ndjson }: Package,
  pipeline: Pipeline,
  stdout: Call['streams']['stdout'],
  options: RunOptions,
): RunningJob {
  return 'length' in pipeline ? run(pipeline, options) : run(pipeline, ndjson(stdout), options)
}

/** An error of the package that the module imports as one of this command, whose class is another. */
function asOwn(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TidemarkError || error.name !== 'TidemarkError') return error
  const { code, message, operator, cause } = error as TidemarkError
  return new TidemarkError(code, message, { cause, ...(operator !== undefined && { operator }) })
}
