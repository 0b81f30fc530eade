import type { Payment, Rate } from '../payments-with-tax.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const day = 86_400_000
const start = Date.parse('2020-06-20T00:00Z')
const end = Date.parse('2021-03-10T00:00Z')

/** In the order in which they were announced: two countries lowered their rates for some months of 2020. */
const rates: readonly Rate[] = [
  rate('DE', 19, '2006-06-29T00:00+02:00', '2007-01-01T00:00+01:00'),
  rate('IE', 23, '2011-12-06T00:00Z', '2012-01-01T00:00Z'),
  rate('FR', 20, '2012-12-29T00:00+01:00', '2014-01-01T00:00+01:00'),
  rate('DE', 16, '2020-06-29T00:00+02:00', '2020-07-01T00:00+02:00'),
  rate('DE', 19, '2020-06-29T00:00+02:00', '2021-01-01T00:00+01:00'),
  rate('IE', 21, '2020-07-23T00:00+01:00', '2020-09-01T00:00+01:00'),
  rate('IE', 23, '2020-07-23T00:00+01:00', '2021-03-01T00:00Z'),
]

/**
 * Payments up to a day out of order, as card terminals send them in. A few terminals were offline for three days. One country has
 * no rate.
 */
export function paymentsAndRates({ seed = 1, arrival = 1 }: Seeds = {}): {
  readonly payments: readonly Payment[]
  readonly rates: readonly Rate[]
} {
  const random = seeded(seed)
  const payments: Payment[] = []
  const pay = (time: number, country: string): Payment => {
    const payment = { id: `p${payments.length}`, time, country, cents: 100 + random.below(20_000) }
    payments.push(payment)
    return payment
  }
  for (let i = 0; i < 500; i++) pay(start + random.below(end - start), random.pick(['DE', 'DE', 'FR', 'IE', 'CH']))
  for (const { country, validFrom } of rates.filter(({ validFrom }) => validFrom > start)) {
    pay(validFrom - 1, country)
    pay(validFrom, country)
  }
  const offline = new Set([
    pay(Date.parse('2020-06-30T18:20+02:00'), 'DE'),
    pay(Date.parse('2020-06-30T21:05+02:00'), 'FR'),
    pay(Date.parse('2020-08-31T23:10+01:00'), 'IE'),
    pay(Date.parse('2020-10-14T12:00+02:00'), 'DE'),
  ])
  const way = seeded(arrival)
  return { payments: arriving(payments, (payment) => (offline.has(payment) ? 3 * day : way.below(day))), rates }
}

function rate(country: string, percent: number, announced: string, validFrom: string): Rate {
  return { country, percent, announced: Date.parse(announced), validFrom: Date.parse(validFrom) }
}
