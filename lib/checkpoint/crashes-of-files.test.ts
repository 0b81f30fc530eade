// The machine stops before and after each step that the log of a job and its sinks make on the disk, and what was not durable is
// lost. What is written in the end is what an uninterrupted run writes.
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, changes, keyBy, toTable } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { fileCrashes } from './fixtures/file-crashes.ts'
import { fileJob, partsJob, toParts } from './fixtures/file-jobs.ts'
import { type Sale, sales } from './fixtures/sales.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

const pipelines = {
  aggregate: keyed.pipe(
    aggregate(
      sum((sale: Sale) => sale.amount),
      { keep: 50 },
    ),
    changes(),
  ),
  // With its watermarks: the last one must not come twice.
  toTable: keyed.pipe(toTable({ keep: 40, outOfOrder: 'ignore' })),
}

/** Together some 8,600 places. */
test.each([
  { of: 'aggregate', to: 'a file', least: 1_400, job: fileJob(pipelines.aggregate) },
  { of: 'aggregate', to: 'parts', least: 2_300, job: partsJob(pipelines.aggregate) },
  { of: 'toTable', to: 'a file', least: 1_700, job: fileJob(pipelines.toTable) },
  { of: 'toTable', to: 'parts', least: 3_000, job: partsJob(pipelines.toTable) },
])('$of to $to', async ({ least, job }) => {
  const { expected, points, differing } = await fileCrashes(job)
  expect(expected.split('\n').length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(least)
  expect(differing).toEqual([])
})

// Several of a checkpoint, or one that ends because a checkpoint is taken.
test.each([
  { rolled: 'by size', maxBytes: 60, atLeast: 25, atMost: Infinity },
  { rolled: 'by time', maxBytes: Infinity, atLeast: 5, atMost: 20 },
])('aggregate to parts that are rolled $rolled', async ({ maxBytes, atLeast, atMost }) => {
  let most = 0
  const job = partsJob(pipelines.aggregate, (files) => {
    most = Math.max(most, files.paths.filter((name) => job.isOutput(name)).length)
    return toParts(maxBytes)(files)
  })
  const { points, differing } = await fileCrashes(job, 'in turn')
  expect(points).toBeGreaterThan(300)
  expect(differing).toEqual([])
  expect(most).toBeGreaterThanOrEqual(atLeast)
  expect(most).toBeLessThanOrEqual(atMost)
})
