import type { RunningJob } from '../../lib/run.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Stops a job when the process is told to end, by Ctrl-C or `kill`: `done` resolves as after `stop`, with a last checkpoint where
 * checkpoints are taken. A second signal ends the process at once, as it would without this. Listens until the first signal, or
 * until the job is over. Gives the job; its errors are told by its `done`, and by that alone.
 *
 * @example
 * ```ts
 * await stopOnSignals(run(perHour, ndjsonFile('per-hour.ndjson'), { checkpoint: { dir: 'state' } })).done
 * ```
 */
export function stopOnSignals(job: RunningJob): RunningJob {
  const release = (): void => {
    for (const signal of signals) process.off(signal, stop)
  }
  const stop = (): void => {
    release()
    // The same promise as `done`.
    void job.stop()
  }
  for (const signal of signals) process.on(signal, stop)
  job.done.then(release, release)
  return job
}
