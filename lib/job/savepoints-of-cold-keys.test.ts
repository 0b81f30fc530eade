// A savepoint has all keys, also those that have left memory.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { lmdbStore } from '../../adapters/lmdb/index.ts'
import { aggregate, assignTimestamps, changes, keyBy } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { DurableSink, Fate } from '../checkpoint/fixtures/crashing.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { logStore } from '../state/log-store.ts'
import { monotonous } from '../watermarks/monotonous.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-'))
afterAll(() => rmSync(root, { recursive: true }))

const keys = 300
const size = 2 * keys

/** Each key twice, the second time long after the first. */
const totals = fromIterable(
  Array.from({ length: size }, (_, n) => n),
  { chunkSize: 4 },
).pipe(
  assignTimestamps((n) => n, monotonous()),
  keyBy((n) => n % keys),
  aggregate(sum(), { keep: 'forever' }),
  changes(),
)

test.each([
  ['the same store', lmdbStore],
  ['a log', logStore],
])('and goes on from it with %s', async (_, store) => {
  const expected: unknown[] = []
  await run(totals, (value) => void expected.push(value)).done

  const written: unknown[] = []
  const dir = join(root, `${store.name} before`)
  const path = join(root, `${store.name}.savepoint`)
  const checkpoint = { dir, store: lmdbStore, every: 1, maxDirtyBytes: 500 }
  const job = run(totals, new DurableSink(written, new Fate()), { batchSize: 8, checkpoint })
  // Nearly all keys have come, most of them several checkpoints ago.
  while (written.length < keys - 20) await turns(1)
  await job.stop({ savepoint: path })
  expect(written.length).toBeLessThan(keys)

  const elsewhere = { dir: join(root, `${store.name} after`), store, from: path }
  const { operators } = await run(totals, new DurableSink(written, new Fate()), { checkpoint: elsewhere }).done
  expect(written).toEqual(expected)
  expect(operators.every(({ held }) => held === 0)).toBe(true)
})
