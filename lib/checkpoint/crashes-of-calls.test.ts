// Calls that were under way, or answered and not handed on, are made again; what was declared behind them leaves behind them.
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, changes, inOrder, keyBy, mapAsync, process, values } from '../../operators/index.ts'
import { Service } from '../fixtures/service.ts'
import { turns } from '../fixtures/turns.ts'
import type { Emit } from '../keyed/process-definition.ts'
import { run, type RunningJob } from '../run.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { crashes } from './fixtures/crashes.ts'
import { DurableSink, Fate, MemoryStore, nothingDurable } from './fixtures/crashing.ts'
import { type Sale, sales } from './fixtures/sales.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

/** Takes longer for some sales than for others. */
async function ask(sale: Sale): Promise<Sale> {
  await turns((sale.amount * 3) % 7)
  return sale
}

/** Has no answer for some at first. */
function failing(): (sale: Sale) => Promise<Sale> {
  const asked = new Set<number>()
  return async (sale) => {
    const isFirst = !asked.has(sale.time)
    asked.add(sale.time)
    if (isFirst && sale.amount % 4 === 0) throw new Error('busy')
    return await ask(sale)
  }
}

/** No two have the same time, so that in the order of times there is but one order. */
const apart = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time * 100 + sales.indexOf(sale), boundedOutOfOrderness(3_000)),
  keyBy((sale) => sale.shop),
)

const pipelines: Readonly<Record<string, () => Observable<unknown>>> = {
  ordered: () => keyed.pipe(mapAsync(ask, { capacity: 4 }), changes()),
  'ordered, with the watermark that each is behind': () =>
    keyed.pipe(
      mapAsync(ask, { capacity: 20 }),
      process({ onEvent: ({ value }, { watermark }, emit: Emit<unknown>) => emit([watermark, value]) }, { keep: 100 }),
      changes(),
    ),
  'unordered, asked twice': () =>
    apart.pipe(mapAsync(failing(), { capacity: 5, order: 'unordered', retry: { attempts: 2 } }), inOrder(), changes()),
}

test.each(Object.entries(pipelines))('%s', async (_, pipeline) => {
  const { expected, points, differing } = await crashes(pipeline)
  expect(expected.length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(100)
  expect(differing).toEqual([])
})

test('all that had no answer are asked again in order, as many at a time as may be', async () => {
  const durable = nothingDurable()
  const written: unknown[] = []
  const start = (): { job: RunningJob; service: Service<number> } => {
    const service = new Service<number>()
    const pipeline = fromIterable([1, 2, 3, 4, 5, 6], { chunkSize: 2 }).pipe(
      assignTimestamps((n) => n, monotonous()),
      mapAsync(service.ask, { capacity: 3 }),
      values(),
    )
    const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
    return { job: run(pipeline, new DurableSink(written, new Fate()), { checkpoint }), service }
  }
  const first = start()
  await turns()
  first.service.answer(1, 1)
  await turns()
  // Has an answer, but not its turn.
  first.service.answer(3, 3)
  await turns()
  await first.job.stop()
  expect(written).toEqual([1])

  const { job, service } = start()
  await turns()
  expect(service.open).toEqual([2, 3, 4])
  expect(job.metrics().operators.find(({ name }) => name === 'mapAsync')).toMatchObject({ in: 3, held: 3 })
  for (const n of [4, 3, 2]) service.answer(n, n)
  await turns()
  expect(service.open).toEqual([5, 6])
  for (const n of [6, 5]) service.answer(n, n)
  expect(await job.done).toMatchObject({ balanced: true })
  expect(service.calls.map(({ value }) => value)).toEqual([2, 3, 4, 5, 6])
  expect(written).toEqual([1, 2, 3, 4, 5, 6])
})
