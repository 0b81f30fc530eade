import fc from 'fast-check'
import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { boundedOutOfOrderness, countDistinct, tumbling } from 'tidemark'
import { assignTimestamps, keyBy, values, window } from 'tidemark/operators'
import {
  type Arrival,
  batchWindows,
  cases,
  checkCase,
  events,
  LawBroken,
  laws,
  checkPipeline,
  type Pipeline,
} from 'tidemark/property-tests'

interface Hit {
  readonly page: string
  readonly user: number
}

const hits = events<Hit>({
  value: fc.record({ page: fc.constantFrom('/', '/about'), user: fc.nat({ max: 3 }) }),
  span: '4h',
  around: Date.UTC(2018, 9, 11),
  disorder: '60s',
  edges: '1h',
})

const usersPerHour: Pipeline<Hit> = (events) =>
  events.pipe(
    keyBy(({ page }) => page),
    window(
      tumbling('1h'),
      countDistinct(({ user }) => user),
    ),
  )

test('a pipeline of a user, under the laws that fit', async () => {
  const pageOf = ({ page }: Hit): string => page
  const usersOf = (all: readonly Arrival<Hit>[]): number => new Set(all.map(({ value }) => value.user)).size
  const options = {
    watermark: boundedOutOfOrderness('60s'),
    laws: [
      laws.orderInsensitive(),
      laws.equalsBatch<Hit>((all) => batchWindows(all, { size: '1h', keyOf: pageOf, resultOf: usersOf })),
      laws.chunkInvariant(),
      laws.backpressureInvariant(),
      laws.splitInvariant(),
      laws.watermarkInsensitive(),
      laws.clockInsensitive(),
      laws.watermarkHolds(),
      laws.noPaneAfterExpiry(),
      laws.atMostOneOnTimePane(),
      laws.accountsForEveryEvent(),
      laws.retractionsBalance(),
      laws.resumable(),
      laws.deterministic(),
      laws.noStateLeft(),
      laws.keyIndependent(pageOf),
      laws.timeShiftInvariant('1h'),
      laws.duplicateInsensitive(),
    ],
  }
  await fc.assert(fc.asyncProperty(cases(hits), (of) => checkCase(usersPerHour, options, of)))
})

test.prop([cases(hits)], { numRuns: 20 })('reads well as a property', async (tried) => {
  await checkCase(usersPerHour, { watermark: boundedOutOfOrderness('60s'), laws: [laws.orderInsensitive()] }, tried)
})

test('a watermark that is too fast is found, with two events and the least delay that shows it', async () => {
  // The bound of the pipeline's own timestamps is a sixth of what arrives needs.
  const hasty: Pipeline<Hit & { readonly time: number }> = (stream) =>
    stream.pipe(
      values(),
      assignTimestamps(({ time }) => time, boundedOutOfOrderness('10s')),
      usersPerHour,
    )
  const stamped = events<Hit & { readonly time: number }>({
    value: fc.record({ page: fc.constantFrom('/', '/about'), user: fc.nat({ max: 3 }), time: fc.constant(0) }),
    span: '4h',
    disorder: '60s',
    edges: '1h',
    stamp: (hit, time) => ({ ...hit, time }),
  })
  const options = { events: stamped, watermark: boundedOutOfOrderness('60s'), laws: [laws.orderInsensitive()], seed: 1 }
  const found: unknown = await checkPipeline(hasty, options).catch((error: unknown) => error)
  expect(found).toBeInstanceOf(LawBroken)
  const { events: smallest } = (found as LawBroken).counterexample.case
  expect(smallest).toHaveLength(2)
  expect(smallest.reduce((sum, { delay }) => sum + delay, 0)).toBeLessThanOrEqual(10_001)
})
