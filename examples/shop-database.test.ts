import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { run } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { Crash, type Durable, Fate, MemoryStore, nothingDurable } from '../lib/checkpoint/fixtures/crashing.ts'
import { TickingClock } from '../lib/checkpoint/fixtures/ticking-clock.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { type ShopEvent, shopEvents } from './data/shop.ts'
import { appendRows } from './database/append-rows.ts'
import type { Database } from './database/database.ts'
import { mortalDatabase } from './fixtures/mortal-database.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'
import { tables, toTables, visitsOf } from './shop-database.ts'

const minute = 60_000
let db: PGlite

beforeAll(async () => {
  db = await PGlite.create()
  // A machine at its limits takes a while to start it.
}, 60_000)

beforeEach(() => emptied())

afterAll(() => db.close())

async function emptied(): Promise<void> {
  await db.exec(`drop table if exists epochs, sales, visits; ${tables}`)
}

interface Tables {
  readonly sales: readonly object[]
  readonly visits: readonly object[]
}

async function found(): Promise<Tables> {
  const { rows: sales } = await db.query<object>('select * from sales')
  const { rows: visits } = await db.query<object>('select shopper, start, until, events from visits')
  return { sales, visits }
}

/** All events of a shopper in a row, cut where there was nothing for half an hour; purchases by product and quarter, but for the late ones. */
function batch(events: readonly ShopEvent[]): Tables {
  const visits: { readonly shopper: string; readonly start: number; until: number; events: number }[] = []
  for (const { shopper, time } of events.toSorted((a, b) => a.time - b.time)) {
    const open = visits.findLast((visit) => visit.shopper === shopper)
    const visit = open !== undefined && time < open.until ? open : { shopper, start: time, until: 0, events: 0 }
    if (visit !== open) visits.push(visit)
    visit.until = time + 30 * minute
    visit.events += 1
  }
  const sales: { readonly product: string; readonly start: number; sold: number }[] = []
  let latest = -Infinity
  for (const { product, time } of events.filter(({ action }) => action === 'purchase')) {
    const start = time - (time % (15 * minute))
    if (start + 20 * minute > latest) {
      const row = sales.find((each) => each.product === product && each.start === start)
      if (row === undefined) sales.push({ product, start, sold: 1 })
      else row.sold += 1
    }
    latest = Math.max(latest, time)
  }
  return { sales, visits }
}

test.each(runs)('sales and visits: $seed, $arrival, $chunkSize', async ({ chunkSize, ...seeds }) => {
  const events = shopEvents(seeds)
  await attempt(events, db, nothingDurable(), new Fate(), { every: 1_000, batchSize: 1_024, chunkSize })
  const { sales, visits } = batch(events)
  const tablesFound = await found()
  expect(sorted(tablesFound.sales)).toEqual(sorted(sales))
  expect(sorted(tablesFound.visits)).toEqual(sorted(visits))
  expect(sales.length).toBeGreaterThan(20)
})

test('a visit that something late falls into, without changing its span, is revised in place', async () => {
  const minutes = [0, 10, 300, 5]
  const events = minutes.map((n): ShopEvent => ({ shopper: 'ada', time: n * minute, action: 'view', product: 'rug' }))
  await attempt(events, db, nothingDurable(), new Fate(), { every: 1_000, batchSize: 1, chunkSize: 1 })
  const { visits } = await found()
  expect(visits).toEqual([
    { shopper: 'ada', start: 0, until: 40 * minute, events: 3 },
    { shopper: 'ada', start: 300 * minute, until: 330 * minute, events: 1 },
  ])
})

/** Few enough to die at every step; the phone comes hours late, which joins visits that were there already. */
const few = shopEvents().filter(({ shopper }) => /^(phone|tablet|shopper-1.?)$/.test(shopper))

/** Runs a job that dies at one step, then one that dies soon after its start, then one to its end. */
async function crash(step: number, wrap: (db: Database) => Database = (same) => same): Promise<Tables> {
  await emptied()
  const durable = nothingDurable()
  await attempt(few, wrap(db), durable, new Fate(step), { every: 3 })
  await attempt(few, wrap(db), durable, new Fate((step * 7) % 23), { every: 2 })
  expect(await attempt(few, wrap(db), durable, new Fate(), { every: 4 })).toBe(true)
  return await found()
}

test('each row is there once, whatever step a process dies at', { timeout: 120_000 }, async () => {
  const whole = new Fate()
  await attempt(few, db, nothingDurable(), whole, { every: 3 })
  const { sales, visits } = batch(few)
  const [revisions] = await together(visitsOf(fromIterable(few)))
  expect(revisions.filter(({ op }) => op === '-').length).toBeGreaterThan(2)
  expect(whole.steps).toBeGreaterThan(80)
  for (let step = 0; step < whole.steps; step++) {
    const tablesFound = await crash(step)
    expect(sorted(tablesFound.sales), `step ${step}`).toEqual(sorted(sales))
    expect(sorted(tablesFound.visits), `step ${step}`).toEqual(sorted(visits))
  }
})

test('without a look at the number of the checkpoint it would not be', async () => {
  /** As if nothing had been added yet, whenever something is to be added. */
  const forgetful = (whole: Database): Database => ({
    query: (...args) => whole.query(...args),
    exec: (...args) => whole.exec(...args),
    transaction: (work) =>
      whole.transaction((session) =>
        work({
          ...session,
          async query(sql, params, options) {
            if (sql.startsWith('select epoch')) return { rows: [], fields: [] }
            return await session.query(sql, params, options)
          },
        }),
      ),
  })
  const { sales } = batch(few)
  let differing = 0
  for (let step = 0; step < 100 && differing === 0; step++) {
    if (sorted((await crash(step, forgetful)).sales).join() !== sorted(sales).join()) differing += 1
  }
  expect(differing).toBe(1)
})

test('a table that is not at the checkpoint is refused', async () => {
  const durable = nothingDurable()
  const job = (known: Durable): Promise<unknown> => {
    const checkpoint = { dir: 'memory', store: () => new MemoryStore(known, new Fate()) }
    return run(fromIterable([{ product: 'rug', start: 0, sold: 1 }]), appendRows(db, 'sales'), { checkpoint }).done
  }
  const refusal = (expected: string, got: number): object => ({
    code: 'output',
    message: `appendRows(sales): expected the rows of checkpoint ${expected} in the table, got those of ${got}`,
  })
  await job(durable)
  expect(await failureOf(job(nothingDurable()))).toMatchObject(refusal('0 or 0', 2))
  await db.exec('delete from epochs')
  expect(await failureOf(job(durable))).toMatchObject(refusal('2 or 1', 0))
})

test('rows are refused without checkpoints', async () => {
  expect(await failureOf(run(fromIterable([{}]), appendRows(db, 'sales')).done)).toMatchObject({
    code: 'output',
    message: 'appendRows(sales): expected a job with checkpoints',
  })
})

interface Settings {
  readonly every: number
  readonly batchSize?: number
  readonly chunkSize?: number
}

/** Runs the job; false if it has died. */
async function attempt(
  events: readonly ShopEvent[],
  database: Database,
  durable: Durable,
  fate: Fate,
  { every, batchSize = 16, chunkSize = 32 }: Settings,
): Promise<boolean> {
  const checkpoint = { dir: 'memory', every, store: () => new MemoryStore(durable, fate) }
  const routes = toTables(fromIterable(events, { chunkSize }), mortalDatabase(database, fate))
  try {
    await run(routes, { clock: new TickingClock(), batchSize, checkpoint }).done
    return true
  } catch (error) {
    if (error instanceof Error && (error instanceof Crash || error.cause instanceof Crash)) return false
    throw error
  }
}
