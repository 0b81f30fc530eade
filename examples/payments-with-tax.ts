// How much of each payment is value-added tax, at the rate that was valid when it was made?
//
//     node examples/payments-with-tax.ts
import { boundedOutOfOrderness, type Event, punctuated, route, run, type SideOutput, sideOutput } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
import { assignTimestamps, keyBy, map, temporalJoin, values } from 'tidemark/operators'
import { filter, type Observable } from 'rxjs'
import { paymentsAndRates } from './data/payments-with-tax.ts'

export interface Payment {
  readonly id: string
  readonly time: number
  readonly country: string
  readonly cents: number
}

export interface Rate {
  readonly country: string
  readonly percent: number
  readonly announced: number
  readonly validFrom: number
}

export interface TaxedPayment {
  readonly payment: Payment
  /** `undefined` where the country is not known to have such a tax. */
  readonly percent: number | undefined
  readonly tax: number
}

/** Payments from before a change of rates that came when the old rate had been forgotten. */
export const latePayments: SideOutput<Event<Payment, string>> = sideOutput('late payments')

export function taxed(payments: Observable<Payment>, rates: Observable<Rate>): Observable<TaxedPayment> {
  // A rate counts from a day in the future, and so does its event. What is certain when it is announced is that no other one will
  // be valid from before that: nobody changes a tax for the past. Rates are silent for months, and must not hold payments back.
  const table = rates.pipe(
    assignTimestamps(
      (rate) => rate.validFrom,
      punctuated((rate) => rate.announced, { idleTimeout: '1m' }),
    ),
    keyBy((rate) => rate.country),
  )
  return payments.pipe(
    assignTimestamps((payment) => payment.time, boundedOutOfOrderness('1d')),
    keyBy((payment) => payment.country),
    temporalJoin(table, { kind: 'left', lateLeft: latePayments }),
    map(({ left: payment, right: rate }) => ({
      payment,
      percent: rate?.percent,
      tax: rate === undefined ? 0 : taxIn(payment.cents, rate.percent),
    })),
    values(),
  )
}

/** Of an amount that includes the tax. */
function taxIn(cents: number, percent: number): number {
  return Math.round((cents * percent) / (100 + percent))
}

if (process.argv[1] === import.meta.filename) {
  const { payments, rates } = paymentsAndRates()
  const line = ({ time, country, cents }: Payment): string =>
    `${new Date(time).toISOString()} ${country} ${(cents / 100).toFixed(2)}`
  const all = taxed(fromIterable(payments), fromIterable(rates))
  await run([
    route(
      all.pipe(filter(({ payment }) => Math.abs(payment.time - Date.UTC(2020, 6, 1)) < 5 * 86_400_000)),
      text(process.stdout, ({ payment, percent, tax }) =>
        percent === undefined
          ? `${line(payment)}: no rate known`
          : `${line(payment)}: ${(tax / 100).toFixed(2)} at ${percent} %`,
      ),
    ),
    route(
      latePayments.pipe(values()),
      text(process.stdout, (payment) => `${line(payment)}: too late`),
    ),
  ]).done
}
