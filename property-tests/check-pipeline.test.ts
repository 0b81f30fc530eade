import fc from 'fast-check'
import { test } from 'vitest'
import { boundedOutOfOrderness, countDistinct, session } from 'tidemark'
import { keyBy, window } from 'tidemark/operators'
import { type Arrival, checkPipeline, events, laws, type WindowResult } from 'tidemark/property-tests'

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
