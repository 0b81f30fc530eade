import { once } from 'node:events'
import type { Call } from './call.ts'
import { toConfig } from './to-config.ts'
import { Given } from './given.ts'
import { Pacer } from './pacer.ts'
import { readRecording, startOfRecording } from './recording-file.ts'
import { surroundings } from './surroundings.ts'
import { UsageError } from './usage-error.ts'

/**
 * Gives a recording once more: as the input of a command, or, without a window, its bytes to standard output.
 *
 * @returns the exit code
 * @throws UsageError without a recording; TidemarkError `input` for what is none
 */
export async function replay(call: Call): Promise<number> {
  const { commandLine, streams, onInterrupt, environment } = call
  const [path, ...others] = commandLine.files
  if (path === undefined || path === '-' || others.length > 0) {
    const got = path === undefined ? 'nothing' : `'${others[0] ?? path}'`
    throw new UsageError(`replay: expected one recording, got ${got}; such as tidemark replay app.tape --speed 10`)
  }
  const speed = new Given(commandLine).speed() ?? 1
  if (!commandLine.flags.has('window')) return await toOutput(path, speed, call)
  const flags = new Map(commandLine.flags)
  for (const flag of ['checkpoint', 'listen', 'kafka', 'explain']) {
    if (flags.has(flag)) throw new UsageError(`replay: expected a recording alone to run, got --${flag}`)
  }
  flags.delete('speed')
  const config = toConfig({ flags, files: [] }, surroundings(streams, environment))
  const { runJob } = await import('./run-job.ts')
  const replayed = { ...config, files: [], replay: { path, speed, start: await startOfRecording(path) } }
  return (await runJob(replayed, streams, onInterrupt)) ? 130 : 0
}

async function toOutput(path: string, speed: number, { streams: { stdout }, onInterrupt }: Call): Promise<number> {
  const ending = new AbortController()
  const { signal } = ending
  let isInterrupted = false
  const stopListening = onInterrupt(() => {
    isInterrupted = true
    ending.abort()
  })
  stdout.once('close', () => ending.abort()).once('error', () => ending.abort())
  const pacer = new Pacer(await startOfRecording(path), speed)
  for await (const { time, bytes } of readRecording(path)) {
    await pacer.until(time, signal)
    if (signal.aborted) break
    if (!stdout.write(bytes)) await once(stdout, 'drain', { signal }).catch(() => {})
  }
  stopListening()
  return isInterrupted ? 130 : 0
}
