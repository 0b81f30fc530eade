import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundedOutOfOrderness, countDistinct, session, type Stream } from 'tidemark'
import { keyBy, mapAsync, window } from 'tidemark/operators'
import {
  type Arrival,
  calm,
  type CheckReport,
  checkPipeline,
  cover,
  events,
  laws,
  type WindowResult,
} from 'tidemark/property-tests'

interface Hit {
  readonly page: string
  readonly user: number
}

/** Sessions by their definition: what is less than half an hour from the one before it is of its session. */
function oracle(hits: readonly Arrival<Hit>[]): readonly WindowResult[] {
  const gap = 30 * 60_000
  const results: WindowResult[] = []
  for (const page of ['a', 'b']) {
    const own = hits.filter(({ value }) => value.page === page).toSorted((a, b) => a.time - b.time)
    for (let i = 0; i < own.length;) {
      const start = i
      while (i < own.length && (i === start || (own[i]?.time ?? 0) - (own[i - 1]?.time ?? 0) < gap)) i++
      const all = own.slice(start, i)
      const end = (all.at(-1)?.time ?? 0) + gap
      const users = new Set(all.map(({ value }) => value.user)).size
      results.push({ key: page, window: { start: all[0]?.time ?? 0, end }, value: users })
    }
  }
  return results
}

test('hourly users', () =>
  checkPipeline(
    (hits) =>
      hits.pipe(
        keyBy((h) => h.page),
        window(
          session('30m'),
          countDistinct((h) => h.user),
        ),
      ),
    {
      events: events({
        value: fc.record({ page: fc.constantFrom('a', 'b'), user: fc.nat(9) }),
        span: '4h',
        disorder: '60s',
      }),
      watermark: boundedOutOfOrderness('60s'),
      laws: [
        laws.orderInsensitive(),
        laws.equalsBatch(oracle),
        laws.accountsForEveryEvent(),
        laws.retractionsBalance(),
        laws.resumable(),
      ],
    },
  ))

const hits = events<Hit>({
  value: fc.record({ page: fc.constantFrom('a', 'b'), user: fc.nat(9) }),
  span: '4h',
  disorder: '60s',
})
const sessions = (stream: Stream<Hit, undefined, undefined>): Stream<number, string> =>
  stream.pipe(
    keyBy(({ page }) => page),
    window(
      session('30m'),
      countDistinct(({ user }) => user),
    ),
  )
const options = { events: hits, watermark: boundedOutOfOrderness('60s'), laws: [laws.noStateLeft()], seed: 1 }

test('says what was tried, the same for the same seed', async () => {
  const reports: CheckReport[] = []
  const report = (made: CheckReport): void => void reports.push(made)
  const first = await checkPipeline(sessions, { ...options, report })
  await checkPipeline(sessions, { ...options, report })
  expect(first).toBe(reports[0])
  expect(first.cases).toBe(100)
  expect(String(first)).toMatch(/25 cases with 0 to \d+ events, \d+ in the median\n.*out of order +\d+ % of the events/)
  expect(String(first)).toBe(String(reports[1]))
})

test('fails a run in which too little came up', async () => {
  const lateEvents = cover('late events', 0.1, ({ late }) => late > 0)
  const disorder = cover('disorder', 0.1, ({ outOfOrder }) => outOfOrder > 0)
  await expect(checkPipeline(sessions, { ...options, cover: [disorder] })).resolves.toHaveProperty('seed', 1)
  await expect(checkPipeline(sessions, { ...options, cover: [disorder, lateEvents] })).rejects.toThrow(
    'every law held, but too little was tried\nlate events: expected in 10 % of the cases, got 0.0 %\n100 cases',
  )
  expect(() => cover('nothing', 0, () => true)).toThrow('cover: expected a share above 0 and at most 1, got 0')
})

test('begins no case when its time is over', async () => {
  const started = performance.now()
  const { cases } = await checkPipeline(sessions, { ...options, runs: 1_000_000, budget: '200ms' })
  expect(cases).toBeGreaterThan(0)
  expect(performance.now() - started).toBeLessThan(30_000)
})

test('waits for pipelines that ask others', async () => {
  const asked: typeof sessions = (stream) =>
    stream.pipe(
      mapAsync(async (hit) => {
        await new Promise((resolve) => setImmediate(resolve))
        return hit
      }),
      sessions,
    )
  const all = [laws.orderInsensitive(), laws.sameAs<Hit>(sessions), laws.accountsForEveryEvent(), laws.resumable()]
  await expect(checkPipeline(asked, { ...options, laws: all, runs: 20 })).resolves.toHaveProperty('cases', 20)
})

test('tries examples first', async () => {
  const example = calm([{ value: { page: 'a', user: 1 }, time: 0, delay: 0 }])
  const seen: number[] = []
  const looking = laws.stateBounded<Hit>(({ events: all }) => seen.push(all.length) + 1_000)
  await checkPipeline(sessions, { ...options, laws: [looking], runs: 1, examples: [example] })
  expect(seen).toEqual([0])
})
