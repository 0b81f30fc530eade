// The machine stops before and after each step that the log of a job and its sinks make on the disk, and what was not durable is
// lost. What is written in the end is what an uninterrupted run writes. The defects that this is to find are put in on purpose.
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { FileSink } from '../../adapters/file/file-sink.ts'
import { PartSink } from '../../adapters/file/part-sink.ts'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, changes, keyBy, toTable } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { route } from '../run.ts'
import type { Sink } from '../sink.ts'
import { decode, encode } from '../state/codec.ts'
import type { SimulatedFiles } from '../state/fixtures/simulated-files.ts'
import type { StateStore } from '../state/state-store.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { type Disk, fileCrashes, type FileJob, isFoundOut } from './fixtures/file-crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'
import type { JobRecord } from './job-record.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

const amounts = sum((sale: Sale) => sale.amount)
const pipeline = keyed.pipe(aggregate(amounts, { keep: 50 }), changes())

const pipelines: Readonly<Record<string, Observable<unknown>>> = {
  aggregate: pipeline,
  toTable: keyed.pipe(toTable({ keep: 40, outOfOrder: 'ignore' }), changes()),
}

const path = '/out.txt'
const toFile = (files: SimulatedFiles): Sink<unknown> => new FileSink('textFile', path, JSON.stringify, files)
const toParts = (files: SimulatedFiles): Sink<unknown> =>
  new PartSink('/parts', { format: JSON.stringify, extension: '', maxBytes: 400 }, files)

type MakeSink = (files: SimulatedFiles) => Sink<unknown>

function fileJob(from: Observable<unknown>, sink: MakeSink = toFile): FileJob {
  return { routes: (files) => [route(from, sink(files))], isOutput: (name) => name === path }
}

function partsJob(from: Observable<unknown>, sink: MakeSink = toParts): FileJob {
  return {
    routes: (files) => [route(from, sink(files))],
    isOutput: (name) => name.startsWith('/parts/'),
    isFinal: (name) => name.startsWith('/parts/') && !name.endsWith('.tmp'),
  }
}

const jobs = Object.entries(pipelines).flatMap(([of, from]) => [
  { of, to: 'a file', job: fileJob(from) },
  { of, to: 'parts', job: partsJob(from) },
])

test.each(jobs)('$of to $to', async ({ job }) => {
  const { expected, points, differing } = await fileCrashes(job)
  expect(expected.split('\n').length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(1_000)
  expect(differing).toEqual([])
})

test.each<readonly [string, FileJob]>([
  ['publishes before the commit', partsJob(pipeline, (files) => publishingEarly(toParts(files)))],
  ['does not cut off what was written behind the checkpoint', fileJob(pipeline, keepingAll)],
  ['keeps positions apart from state', { ...fileJob(pipeline), wrapStore: positionsApart }],
  ['does not wait for the disk', fileJob(pipeline, (files) => toFile(withoutSync(files)))],
])('a job that %s is found out', async (_, job) => {
  expect(await isFoundOut(job)).toBe(true)
})

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
