import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import { values } from 'tidemark/operators'
import { type ShopEvent, shopEvents } from './data/shop.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'
import { lateEvents, sessionsOf } from './shopping-sessions.ts'

const minute = 60_000
const symbols = new Map(['view', 'detail', 'add', 'remove', 'purchase', 'click'].map((action, i) => [action, i + 1]))

interface Session {
  readonly shopper: string
  readonly start: number
  end: number
  readonly symbols: (number | undefined)[]
}

/** What comes when the half hour after it has been over for five minutes. */
function lateOf(events: readonly ShopEvent[]): readonly ShopEvent[] {
  const late: ShopEvent[] = []
  let latest = -Infinity
  for (const event of events) {
    if (event.time + 35 * minute <= latest) late.push(event)
    latest = Math.max(latest, event.time)
  }
  return late
}

/** All events of a shopper in a row, cut where there was nothing for half an hour. */
function batch(events: readonly ShopEvent[]): readonly Session[] {
  const sessions: Session[] = []
  for (const { shopper, time, action } of events.toSorted((a, b) => a.time - b.time)) {
    const open = sessions.findLast((session) => session.shopper === shopper)
    const session = open !== undefined && time < open.end ? open : { shopper, start: time, end: 0, symbols: [] }
    if (session !== open) sessions.push(session)
    session.end = time + 30 * minute
    session.symbols.push(symbols.get(action))
  }
  return sessions
}

test.each(runs)('sessions of half an hour: $seed, $arrival, $chunkSize', async ({ chunkSize, ...seeds }) => {
  const events = shopEvents(seeds)
  const [sessions, late] = await together(sessionsOf(fromIterable(events, { chunkSize })), lateEvents.pipe(values()))
  const tooLate = lateOf(events)
  expect(late).toEqual(tooLate)
  expect(late.length).toBeGreaterThan(0)
  const found = sessions.map(({ key: shopper, window: { start, end }, value }) => ({
    shopper,
    start,
    end,
    symbols: value,
  }))
  expect(sorted(found)).toEqual(sorted(batch(events.filter((event) => !tooLate.includes(event)))))
  // The one that was over first comes first.
  expect(found.map(({ end }) => end)).toEqual(found.map(({ end }) => end).toSorted((a, b) => a - b))
})

test('half an hour of nothing makes two sessions, a millisecond less one', () => {
  const of = (shopper: string): readonly Session[] => batch(shopEvents().filter((event) => event.shopper === shopper))
  expect([of('pause-1').length, of('pause-2').length]).toEqual([2, 1])
})
