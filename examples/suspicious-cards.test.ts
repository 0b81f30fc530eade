import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import { cardPayments } from './data/suspicious-cards.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'
import { type Payment, suspicions } from './suspicious-cards.ts'

function byCard(payments: readonly Payment[]): readonly (readonly Payment[])[] {
  const cards = new Map<string, Payment[]>()
  for (const payment of payments.toSorted((a, b) => a.time - b.time))
    cards.set(payment.card, [...(cards.get(payment.card) ?? []), payment])
  return [...cards.values()]
}

/** Payments of more than the mean and four deviations of all good ones before, of which there are at least ten. */
function unusual(payments: readonly Payment[]): readonly Payment[] {
  return byCard(payments).flatMap((own) => {
    const good: number[] = []
    return own.filter(({ cents }) => {
      const mean = good.reduce((sum, other) => sum + other, 0) / good.length
      const variance = good.reduce((sum, other) => sum + (other - mean) ** 2, 0) / good.length
      const isUnusual = good.length >= 10 && cents > mean + 4 * Math.sqrt(variance)
      if (!isUnusual) good.push(cents)
      return isUnusual
    })
  })
}

/** Each payment of less than a euro with the first of more than 300 that comes less than a minute after it. */
function triedOut(payments: readonly Payment[]): readonly { readonly small: Payment; readonly large: Payment }[] {
  return byCard(payments).flatMap((own) =>
    own.flatMap((small, i) => {
      const large = own.slice(i + 1).find(({ cents, time }) => cents > 30_000 && time - small.time < 60_000)
      return small.cents < 100 && large !== undefined ? [{ small, large }] : []
    }),
  )
}

test.each(runs)(
  'what is far above the habit, and what is tried out: $seed, $arrival, $chunkSize',
  async ({ chunkSize, ...seeds }) => {
    const payments = cardPayments(seeds)
    const found = suspicions(fromIterable(payments, { chunkSize }))
    const [large, pairs] = await together(found.unusual, found.triedOut)
    expect(unusual(payments).length).toBeGreaterThan(10)
    expect(sorted(large)).toEqual(sorted(unusual(payments)))
    expect(triedOut(payments).length).toBeGreaterThan(5)
    expect(sorted(pairs)).toEqual(sorted(triedOut(payments)))
  },
)

test('the data has pairs at the border of a minute, and habits at the border of what is one', () => {
  const pairs = triedOut(cardPayments()).map(({ large }) => large.card)
  expect(pairs).toContain('card-before-a-minute')
  expect(pairs).toContain('card-in-between')
  expect(pairs).not.toContain('card-at-a-minute')
  const large = unusual(cardPayments()).map(({ card }) => card)
  expect(large.filter((card) => card.startsWith('card-of-habit'))).toEqual(
    [2, 5, 8, 11].map((n) => `card-of-habit-${n}`),
  )
})
