// Laws of savepoints
//
// 1. A job that is stopped with a savepoint at any place, and started from it elsewhere, with the other store, and again, writes
//    in the end what an uninterrupted run writes.
// 2. So does a job that went on after its savepoint, and so does the one that is started from that.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { lmdbStore } from '../../adapters/lmdb/index.ts'
import {
  aggregate,
  assignTimestamps,
  changes,
  intervalJoin,
  keyBy,
  mapWithState,
  panes,
  process,
  window,
} from '../../operators/index.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import type { Emit } from '../keyed/process-definition.ts'
import { mapState } from '../keyed/map-state.ts'
import { run } from '../run.ts'
import type { Observable } from '../rx.ts'
import { logStore } from '../state/log-store.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { session } from '../windows/session.ts'
import { DurableSink, Fate } from './fixtures/crashing.ts'
import { type Sale, sales } from './fixtures/sales.ts'
import { TickingClock } from './fixtures/ticking-clock.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-'))
afterAll(() => rmSync(root, { recursive: true }))

let places = 0
function place(): string {
  places += 1
  return join(root, `${places}`)
}

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)
const amounts = sum((sale: Sale) => sale.amount)

const pipelines: Readonly<Record<string, () => Observable<unknown>>> = {
  aggregate: () => keyed.pipe(aggregate({ amounts, sales: count() }, { keep: 50 }), changes()),
  sessions: () => keyed.pipe(window(session('40ms'), amounts, { allowedLateness: 30 }), panes()),
  'an interval join': () => keyed.pipe(intervalJoin(keyed, -20, 20), changes()),
  'state and timers': () =>
    keyed.pipe(
      mapWithState(0, (total, sale) => [total + sale.amount, { ...sale, total: total + sale.amount }], { keep: 100 }),
      process(
        {
          state: { seen: mapState<number, number>({ ttl: 60 }) },
          onEvent({ time, value }, { state, setTimer }) {
            state.seen.set(value.amount, value.total)
            setTimer(time + 25)
          },
          onTimer(_, { state }, emit: Emit<string>) {
            emit([...state.seen.entries()].join(' '))
          },
        },
        { keep: 100, order: 'time' },
      ),
      changes(),
    ),
}

const stores = [logStore, lmdbStore]

interface Plan {
  /** Values that are written before the job is stopped. */
  readonly stops: readonly number[]
  readonly batchSize: number
  readonly first: number
}

const plans: fc.Arbitrary<Plan> = fc.record({
  stops: fc.array(fc.nat({ max: 25 }), { minLength: 1, maxLength: 3 }),
  batchSize: fc.integer({ min: 1, max: 8 }),
  first: fc.nat({ max: 1 }),
})

async function runOnce(
  pipeline: Observable<unknown>,
  written: unknown[],
  options: { readonly batchSize: number; readonly from: string | undefined; readonly store: number },
  at = Infinity,
  save: 'stop' | 'go on' = 'stop',
): Promise<string | undefined> {
  const { batchSize, from, store } = options
  const path = place()
  let left = at
  let saved: Promise<unknown> | undefined
  class Counting extends DurableSink<unknown> {
    override write(values: readonly unknown[]): void {
      super.write(values)
      left -= values.length
      if (left <= 0) saved ??= save === 'stop' ? job.stop({ savepoint: path }) : job.savepoint(path)
    }
  }
  const job = run(pipeline, new Counting(written, new Fate()), {
    clock: new TickingClock(),
    batchSize,
    checkpoint: {
      dir: place(),
      every: 5,
      store: stores[store % 2] ?? logStore,
      ...(from === undefined ? {} : { from }),
    },
  })
  const metrics = await job.done
  expect(metrics.balanced).toBe(true)
  await saved
  return saved && path
}

async function whole(pipeline: Observable<unknown>): Promise<readonly unknown[]> {
  const written: unknown[] = []
  await run(pipeline, (value) => void written.push(value), { clock: new TickingClock() }).done
  expect(written.length).toBeGreaterThan(20)
  return written
}

test.each(Object.entries(pipelines))('1: %s, stopped and started elsewhere', async (_, pipeline) => {
  const expected = await whole(pipeline())
  await fc.assert(
    fc.asyncProperty(plans, async ({ stops, batchSize, first }) => {
      const written: unknown[] = []
      let from: string | undefined
      for (const [i, stop] of stops.entries()) {
        from = (await runOnce(pipeline(), written, { batchSize, from, store: first + i }, stop)) ?? from
      }
      await runOnce(pipeline(), written, { batchSize: 5, from, store: first + stops.length })
      expect(written).toEqual(expected)
    }),
    { numRuns: 10 },
  )
})

test.each(Object.entries(pipelines))('2: %s, which goes on', async (_, pipeline) => {
  const expected = await whole(pipeline())
  await fc.assert(
    fc.asyncProperty(plans, async ({ stops: [at = 0], batchSize, first }) => {
      const written: unknown[] = []
      const from = await runOnce(pipeline(), written, { batchSize, from: undefined, store: first }, at, 'go on')
      expect(written).toEqual(expected)
      if (from === undefined) return
      await runOnce(pipeline(), written, { batchSize: 5, from, store: first + 1 })
      expect(written).toEqual(expected)
    }),
    { numRuns: 10 },
  )
})
