import { defer } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import type { Pane } from 'tidemark/operators'
import { browsing } from './browsing.ts'
import { type ShopEvent, shopEvents } from './data/shop.ts'
import { runs } from './fixtures/runs.ts'
import { together } from './fixtures/together.ts'

const minute = 60_000
const quarter = 15 * minute
const hour = 60 * minute

/** The events of each hour that ends at a quarter, but for those that come five minutes after a later time than that end. */
function hours(events: readonly ShopEvent[]): readonly (readonly [end: number, events: readonly ShopEvent[]])[] {
  const found = new Map<number, ShopEvent[]>()
  let latest = -Infinity
  for (const event of events) {
    for (let end = (Math.floor(event.time / quarter) + 1) * quarter; end <= event.time + hour; end += quarter) {
      if (end + 5 * minute <= latest) continue
      found.set(end, [...(found.get(end) ?? []), event])
    }
    latest = Math.max(latest, event.time)
  }
  return [...found].toSorted(([a], [b]) => a - b)
}

function trendOf(events: readonly ShopEvent[]): readonly unknown[] {
  const views = new Map<string, number>()
  for (const { action, product } of events) if (action === 'view') views.set(product, (views.get(product) ?? 0) + 1)
  return [...views]
    .map(([product, count]) => ({ product, views: count }))
    .sort((a, b) => b.views - a.views || (a.product < b.product ? -1 : 1))
    .slice(0, 3)
}

function conversionOf(events: readonly ShopEvent[]): number | undefined {
  const who = (action: string): Set<string> =>
    new Set(events.filter((event) => event.action === action).map(({ shopper }) => shopper))
  const [added, bought] = [[...who('add')], who('purchase')]
  return added.length === 0 ? undefined : added.filter((shopper) => bought.has(shopper)).length / added.length
}

const byEnd = (panes: readonly Pane<unknown, unknown>[]): readonly unknown[] =>
  panes.map(({ window: { end }, value }) => [end, value])

test.each(runs)('the past hour, each quarter: $seed, $arrival, $chunkSize', async ({ chunkSize, ...seeds }) => {
  const events = shopEvents(seeds)
  let reads = 0
  const source = defer(() => {
    reads += 1
    return fromIterable(events, { chunkSize })
  })
  const { volume, trending, conversion } = browsing(source)
  const [volumes, trends, conversions] = await together(volume, trending, conversion)
  expect(reads).toBe(1)
  const expected = hours(events)
  expect(byEnd(volumes)).toEqual(expected.map(([end, those]) => [end, those.length]))
  expect(byEnd(trends)).toEqual(
    expected.map(([end, those]) => [end, trendOf(those)] as const).filter(([, trend]) => trend.length > 0),
  )
  expect(byEnd(conversions)).toEqual(
    expected.map(([end, those]) => [end, conversionOf(those)]).filter(([, share]) => share !== undefined),
  )
})
