// The machine stops before and after each step that the log of a job and its sinks make on the disk, and what was not durable is
// lost. What is written in the end is what an uninterrupted run writes. The defects that this is to find are put in on purpose.
import { expect, test } from 'vitest'
import { FileSink } from '../../adapters/file/file-sink.ts'
import { PartSink } from '../../adapters/file/part-sink.ts'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, changes, keyBy, toTable } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import type { Sink } from '../sink.ts'
import { decode, encode } from '../state/codec.ts'
import type { SimulatedFiles } from '../state/fixtures/simulated-files.ts'
import type { StateStore } from '../state/state-store.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { type Disk, fileCrashes, type FileJob } from './fixtures/file-crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'
import type { JobRecord } from './job-record.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

const amounts = sum((sale: Sale) => sale.amount)
const pipeline: FileJob['pipeline'] = () => keyed.pipe(aggregate(amounts, { keep: 50 }), changes())

const pipelines: Readonly<Record<string, FileJob['pipeline']>> = {
  aggregate: pipeline,
  // With its watermarks: the last one must not come twice.
  'toTable as it is': () => keyed.pipe(toTable({ keep: 40, outOfOrder: 'ignore' })),
}

const path = '/out.txt'
const toFile = (files: SimulatedFiles): Sink<unknown> => new FileSink('textFile', path, JSON.stringify, files)
const toParts =
  (maxBytes: number): FileJob['sink'] =>
  (files) =>
    new PartSink('/parts', { format: JSON.stringify, extension: '', maxBytes }, files)

const file: Omit<FileJob, 'pipeline'> = { sink: toFile, isOutput: (name) => name === path }
const parts: Omit<FileJob, 'pipeline'> = {
  sink: toParts(400),
  isOutput: (name) => name.startsWith('/parts/'),
  isFinal: (name) => name.startsWith('/parts/') && !name.endsWith('.tmp'),
}

test.each(Object.entries(pipelines))('%s to a file', async (_, build) => {
  const { expected, points, differing } = await fileCrashes({ ...file, pipeline: build })
  expect(expected.split('\n').length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(1_000)
  expect(differing).toEqual([])
})

// Several of a checkpoint, or one that ends because a checkpoint is taken.
test.each([
  { rolled: 'by size', maxBytes: 60, atLeast: 25, atMost: Infinity },
  { rolled: 'by time', maxBytes: Infinity, atLeast: 5, atMost: 20 },
])('aggregate to parts that are rolled $rolled', async ({ maxBytes, atLeast, atMost }) => {
  let most = 0
  const isOutput = (name: string): boolean => parts.isOutput(name)
  const counting: FileJob = {
    ...parts,
    pipeline,
    sink(files) {
      most = Math.max(most, files.paths.filter(isOutput).length)
      return toParts(maxBytes)(files)
    },
  }
  const { points, differing } = await fileCrashes(counting)
  expect(points).toBeGreaterThan(1_000)
  expect(differing).toEqual([])
  expect(most).toBeGreaterThanOrEqual(atLeast)
  expect(most).toBeLessThanOrEqual(atMost)
})

test.each<readonly [string, FileJob]>([
  ['publishes before the commit', { ...parts, pipeline, sink: (files) => publishingEarly(toParts(400)(files)) }],
  ['does not cut off what was written behind the checkpoint', { ...file, pipeline, sink: keepingAll }],
  ['keeps positions apart from state', { ...file, pipeline, wrapStore: positionsApart }],
  ['does not wait for the disk', { ...file, pipeline, sink: (files) => toFile(withoutSync(files)) }],
])('a job that %s is found out', async (_, job) => {
  expect((await outcome(job)).length).toBeGreaterThan(0)
})

/** What a broken job comes to: places of differences, or the error that it ends with. */
async function outcome(job: FileJob): Promise<string | readonly string[]> {
  try {
    return (await fileCrashes(job, 1)).differing
  } catch (error) {
    return String(error)
  }
}

function publishingEarly(sink: Sink<unknown>): Sink<unknown> {
  return {
    name: sink.name,
    write: (values) => sink.write(values),
    end: () => sink.end?.(),
    close: () => sink.close?.(),
    recover: (receipt) => sink.recover?.(receipt),
    async prepare(epoch) {
      const receipt = await sink.prepare?.(epoch)
      await sink.commit?.(epoch, receipt)
      return receipt
    },
  }
}

function keepingAll(files: SimulatedFiles): Sink<unknown> {
  const sink = new FileSink('textFile', path, JSON.stringify, files)
  const { recover } = FileSink.prototype
  sink.recover = (receipt) => recover.call(sink, receipt === undefined ? undefined : files.content(path).length)
  return sink
}

/** State is in the log; positions follow when that has been written. */
function positionsApart(store: StateStore, disk: Disk): StateStore {
  return {
    async open() {
      const recovered = await store.open()
      if (recovered === undefined) return undefined
      const record = decode(recovered.meta) as JobRecord
      const { epoch } = recovered
      const meta = encode({ ...record, sources: disk.positions ?? record.sources })
      return { epoch, meta, tables: () => recovered.tables(), cells: (table) => recovered.cells(table) }
    },
    async commit(commit) {
      await store.commit(commit)
      disk.positions = (decode(commit.meta) as JobRecord).sources
    },
    close: () => store.close(),
  }
}

function withoutSync(files: SimulatedFiles): SimulatedFiles {
  return Object.create(files, {
    open: {
      value: async (name: string, mode: 'read' | 'update' | 'create') => ({
        ...(await files.open(name, mode)),
        sync: async () => {},
      }),
    },
    syncFolder: { value: (folder: string) => files.syncFolder(folder) },
  }) as SimulatedFiles
}
