// The machine stops before and after each step of a job that has everything in it: windows, sessions, triggers, joins, timers and
// calls, several sinks, and a store that writes either a log on the simulated files or a real LMDB database.
//
// LMDB writes by its own code, out of reach of a simulation. But a transaction becomes the state of the database when the page that
// leads to its root is written, and before that it is nothing: at whatever step inside of `commit` the machine stops, the next run finds
// the commit, as after a stop right behind it, or does not, as after one right in front of it. Both are tried, together with
// everything that may have become of the sinks by then. That LMDB itself keeps to this shows the process that is killed in
// lmdb-store.test.ts.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { FileSink } from '../../adapters/file/file-sink.ts'
import { PartSink } from '../../adapters/file/part-sink.ts'
import { route } from '../run.ts'
import type { Sink } from '../sink.ts'
import type { SimulatedFiles } from '../state/fixtures/simulated-files.ts'
import { everything } from './fixtures/everything.ts'
import { fileCrashes, type FileJob } from './fixtures/file-crashes.ts'
import { lmdbInSteps } from './fixtures/lmdb-in-steps.ts'

/** In memory where that can be had: no power is lost here, and a disk takes its time over each commit. */
const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tidemark-crashes-'))
afterAll(() => rmSync(root, { recursive: true }))

/** A folder of parts for some of the results, a file for each of the others. */
function sinkOf(number: number, files: SimulatedFiles): Sink<unknown> {
  return number === 1
    ? new PartSink(`/parts-${number}`, { format: JSON.stringify, extension: '', maxBytes: 2_000 }, files)
    : new FileSink('textFile', `/out-${number}.txt`, JSON.stringify, files)
}

const job: FileJob = {
  routes: (files) => Object.values(everything).map((from, number) => route(from, sinkOf(number, files))),
  batchSize: 40,
  isOutput: (path) => /^\/(out|parts)-.*[./]/.test(path),
  isFinal: (path) => /^\/parts-.*\//.test(path) && !path.endsWith('.tmp'),
}

test.each<readonly [string, number, FileJob]>([
  ['a log', 600, job],
  ['lmdb', 400, { ...job, store: lmdbInSteps(root) }],
])('everything, on %s', async (_, least, on) => {
  const { expected, points, differing } = await fileCrashes(on, 'in turn')
  expect(expected.split('\n').length).toBeGreaterThan(200)
  expect(points).toBeGreaterThan(least)
  expect(differing).toEqual([])
})
