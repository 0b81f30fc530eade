// What has a shop sold in each quarter of an hour, and when has each shopper been there? As tables of a PostgreSQL database that stay
// right when this program is killed at any moment and started again, with the same folder:
//
//     node examples/shop-database.ts [folder]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { boundedOutOfOrderness, count, type PaneInfo, type Route, route, run, session, tumbling } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { assignTimestamps, type Change, changes, keyBy, panes, window } from 'tidemark/operators'
import { filter, map, type Observable } from 'rxjs'
import { type ShopEvent, shopEvents } from './data/shop.ts'
import { appendRows } from './database/append-rows.ts'
import type { Database } from './database/database.ts'
import { upsertRows } from './database/upsert-rows.ts'

export const tables = `
  create table if not exists sales (product text, start bigint, sold integer);
  create table if not exists visits (id text primary key, shopper text, start bigint, until bigint, events integer)`

/** Each row for good: what comes when its quarter has been given out is left out. */
export function salesOf(events: Observable<ShopEvent>): Observable<object> {
  return events.pipe(
    filter((event) => event.action === 'purchase'),
    assignTimestamps((event) => event.time, boundedOutOfOrderness('5m')),
    keyBy((event) => event.product),
    window(tumbling('15m'), count()),
    panes(),
    map(({ key, window: { start }, value }) => ({ product: key, start, sold: value })),
  )
}

/** What comes late revises a visit, or joins two of them, which are taken back first. */
export function visitsOf(events: Observable<ShopEvent>): Observable<Change<number, string, PaneInfo>> {
  return events.pipe(
    assignTimestamps((event) => event.time, boundedOutOfOrderness('5m')),
    keyBy((event) => event.shopper),
    window(session('30m'), count(), { allowedLateness: '1d', accumulation: 'retracting' }),
    changes(),
  )
}

export function toTables(events: Observable<ShopEvent>, db: Database): readonly Route[] {
  const visits = upsertRows<number, string>(db, 'visits', {
    columns: ['shopper', 'start', 'until', 'events'],
    row: (events, shopper, { window: { start, end } }) => ({ shopper, start, until: end, events }),
  })
  return [route(salesOf(events), appendRows(db, 'sales')), route(visitsOf(events), visits)]
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'shop-database-'))
  mkdirSync(folder, { recursive: true })
  const db = await PGlite.create(join(folder, 'database'))
  await db.exec(tables)
  await run(toTables(fromIterable(shopEvents()), db), { checkpoint: { dir: join(folder, 'checkpoints') } }).done
  const best = 'select product, sum(sold)::integer as sold from sales group by product order by sold desc limit 3'
  const longest = 'select shopper, (until - start) / 60000 as minutes, events from visits order by minutes desc limit 3'
  for (const query of [best, longest]) {
    for (const row of (await db.query(query)).rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  }
  await db.close()
  if (process.argv[2] === undefined) rmSync(folder, { recursive: true })
}
