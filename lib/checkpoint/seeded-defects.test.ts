// The defects that the crash simulation is to find are put in on purpose, and found out, on either store: the position of a source, its
// state and what has been published must be as of one moment.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { FileSink } from '../../adapters/file/file-sink.ts'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, changes, keyBy } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import type { Sink } from '../sink.ts'
import { decode, encode } from '../state/codec.ts'
import type { SimulatedFiles } from '../state/fixtures/simulated-files.ts'
import type { StateStore } from '../state/state-store.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { type Disk, type FileJob, isFoundOut } from './fixtures/file-crashes.ts'
import { fileJob, partsJob, path, toFile, toParts } from './fixtures/file-jobs.ts'
import { lmdbInSteps } from './fixtures/lmdb-in-steps.ts'
import { type Sale, sales } from './fixtures/sales.ts'
import type { JobRecord } from './job-record.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-defects-'))
afterAll(() => rmSync(root, { recursive: true }))

const pipeline = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
  aggregate(
    sum((sale: Sale) => sale.amount),
    { keep: 50 },
  ),
  changes(),
)

const defects: Readonly<Record<string, FileJob>> = {
  'publishes before the commit': partsJob(pipeline, (files) => publishingEarly(toParts()(files))),
  'does not cut off what was written behind the checkpoint': fileJob(pipeline, keepingAll),
  'keeps positions apart from state': { ...fileJob(pipeline), wrapStore: positionsApart },
  'does not wait for the disk': fileJob(pipeline, (files) => toFile(withoutSync(files))),
}

describe.each([
  ['a log', {}],
  ['lmdb', { store: lmdbInSteps(root) }],
])('on %s', (_, store) => {
  test.each(Object.entries(defects))('a job that %s is found out', async (_, job) => {
    expect(await isFoundOut({ ...job, ...store })).toBe(true)
  })
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
