// What a job counts of keys that have left memory, and expire there.
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, changes, keyBy } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { DurableSink, Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { monotonous } from '../watermarks/monotonous.ts'

test('each key that expires is counted once, and its cell goes', async () => {
  const size = 3_000
  // Each key but the first comes twice, and lives for a while in which many others come.
  const source = fromIterable(
    Array.from({ length: size }, (_, n) => n),
    { chunkSize: 10 },
  ).pipe(
    assignTimestamps((n) => n, monotonous()),
    keyBy((n) => Math.floor(n / 2)),
    aggregate(sum(), { keep: 400, id: 'sums' }),
    changes(),
  )
  const durable = nothingDurable()
  const checkpoint = {
    dir: 'memory',
    every: '1h',
    maxDirtyBytes: 500,
    store: () => new MemoryStore(durable, new Fate(), true),
  }
  const job = run(source, new DurableSink([], new Fate()), { batchSize: 10, checkpoint })
  const looks: { held: number; entries: number; cells: number }[] = []
  const look = (): void => {
    const { held = 0, entries = 0 } = job.metrics().operators.find(({ id }) => id === 'sums') ?? {}
    looks.push({ held, entries, cells: durable.cells.get('sums')?.size ?? 0 })
  }
  let isOver = false
  const done = job.done.finally(() => (isOver = true))
  while (!isOver) {
    await turns(1)
    if (job.metrics().sources.some(({ ended }) => !ended)) look()
  }
  const { operators } = await done
  expect(looks.length).toBeGreaterThan(10)
  // 200 are live; as many may have expired since it was looked through.
  for (const { held, entries, cells } of looks.slice(-Math.floor(looks.length / 2))) {
    expect(entries).toBeGreaterThanOrEqual(150)
    expect(held).toBeGreaterThanOrEqual(300)
    expect(entries).toBeLessThan(700)
    expect(cells).toBeLessThan(700)
  }
  expect(operators.find(({ id }) => id === 'sums')).toMatchObject({ held: 0, entries: 0, contributed: size })
})
