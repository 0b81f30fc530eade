import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import { values } from 'tidemark/operators'
import { paymentsAndRates } from './data/payments-with-tax.ts'
import { behind } from './fixtures/behind.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'
import { latePayments, type Rate, taxed } from './payments-with-tax.ts'

const day = 86_400_000

/** The latest rate of the country that was valid by then. */
function rateAt(time: number, country: string, rates: readonly Rate[]): Rate | undefined {
  let found: Rate | undefined
  for (const rate of rates)
    if (rate.country === country && rate.validFrom <= time && rate.validFrom > (found?.validFrom ?? -Infinity))
      found = rate
  return found
}

test.each(runs)(
  'each payment at the rate of its time: $seed, $arrival, $chunkSize',
  async ({ chunkSize, ...seeds }) => {
    const { payments, rates } = paymentsAndRates(seeds)
    const [all, late] = await together(
      taxed(fromIterable(payments, { chunkSize }), fromIterable(rates, { chunkSize })),
      latePayments.pipe(values()),
    )
    // Of those three days behind, the ones are lost whose rate had changed before they came.
    const lost = behind(payments, day).late.filter(
      ({ time, country }) => rateAt(time, country, rates) !== rateAt(time + 2 * day - 1, country, rates),
    )
    expect(late).toEqual(lost)
    expect(late.map(({ country }) => country)).toEqual(['DE', 'IE'])

    const batch = payments
      .filter((payment) => !lost.includes(payment))
      .map((payment) => {
        const percent = rateAt(payment.time, payment.country, rates)?.percent
        return {
          payment,
          percent,
          tax: percent === undefined ? 0 : Math.round(payment.cents - payment.cents / (1 + percent / 100)),
        }
      })
    expect(sorted(all)).toEqual(sorted(batch))
  },
)
