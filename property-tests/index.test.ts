import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundedOutOfOrderness, countDistinct, tumbling } from 'tidemark'
import { keyBy, window } from 'tidemark/operators'
import { type Arrival, arrivals, batchWindows, type Experiment, laws, paces } from 'tidemark/property-tests'

interface Hit {
  readonly page: string
  readonly user: number
}

const hits = arrivals<Hit>({
  value: fc.record({ page: fc.constantFrom('/', '/about'), user: fc.nat({ max: 3 }) }),
  span: '4h',
  around: Date.UTC(2018, 9, 11),
  disorder: '60s',
  edges: '1h',
})

const usersPerHour: Experiment<Hit, number, string> = {
  pipeline: (events) =>
    events.pipe(
      keyBy(({ page }) => page),
      window(
        tumbling('1h'),
        countDistinct(({ user }) => user),
      ),
    ),
  watermark: boundedOutOfOrderness('60s'),
}

test('a pipeline of a user, under the laws that fit', async () => {
  const pageOf = ({ page }: Hit): string => page
  const usersOf = (events: readonly Arrival<Hit>[]): number => new Set(events.map(({ value }) => value.user)).size
  await fc.assert(
    fc.asyncProperty(hits, paces(), async (events, pace) => {
      await laws.orderInsensitive(usersPerHour, events)
      await laws.equalsBatch(usersPerHour, events, (all) =>
        batchWindows(all, { size: '1h', keyOf: pageOf, resultOf: usersOf }),
      )
      await laws.paceInvariant(usersPerHour, events, pace)
      await laws.watermarkHolds(usersPerHour, events)
      await laws.accountsForEveryEvent(usersPerHour, events, pace)
      await laws.leavesNoState(usersPerHour, events)
      await laws.keyIndependent(usersPerHour, events, pageOf)
      await laws.shiftInvariant(usersPerHour, events, '-3h')
    }),
  )
})

test('a watermark that is too fast is found, with two events and the least delay that shows it', async () => {
  const hasty = { ...usersPerHour, watermark: boundedOutOfOrderness('10s') }
  const found = await fc.check(
    fc.asyncProperty(hits, (events) => laws.orderInsensitive(hasty, events)),
    { seed: 1 },
  )
  const [events = []] = found.counterexample ?? []
  expect(events).toHaveLength(2)
  expect(events.reduce((sum, { delay }) => sum + delay, 0)).toBeLessThanOrEqual(10_001)
})
