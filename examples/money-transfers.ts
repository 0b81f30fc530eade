// What is in each account, and which transfers are half done, when every half of one may be delivered more than once?
//
//     node examples/money-transfers.ts
import { boundedOutOfOrderness, type Diff, route, run, type Stream, sum } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
import {
  aggregate,
  assignTimestamps,
  deduplicate,
  filter,
  intervalJoin,
  keyBy,
  map,
  materialize,
  merge,
  values,
} from 'tidemark/operators'
import { type Observable, share } from 'rxjs'
import { transferLegs } from './data/money-transfers.ts'

/** Half of a transfer: what leaves an account, or what comes to one. Each half is written to a log of its own. */
export interface Leg {
  /** The id of the request; the same in both halves, and in every copy of them. */
  readonly transfer: string
  readonly time: number
  readonly account: string
  readonly cents: number
}

/** A transfer without its other half. */
export interface HalfDone {
  readonly debit: Leg | undefined
  readonly credit: Leg | undefined
}

export interface Books {
  readonly balances: Stream<number, string, undefined, Diff>
  readonly halfDone: Observable<HalfDone>
}

export function book(debits: Observable<Leg>, credits: Observable<Leg>): Books {
  const out = onceEach(debits)
  const into = onceEach(credits)
  return {
    balances: merge(out.pipe(map((leg) => ({ ...leg, cents: -leg.cents }))), into).pipe(
      keyBy((leg) => leg.account),
      aggregate(
        sum((leg) => leg.cents),
        { keep: 'forever' },
      ),
    ),
    halfDone: out.pipe(
      keyBy((leg) => leg.transfer),
      intervalJoin(into.pipe(keyBy((leg) => leg.transfer)), 0, '10m', { kind: 'full' }),
      map(({ left: debit, right: credit }) => ({ debit, credit })),
      filter(({ debit, credit }) => debit === undefined || credit === undefined),
      values(),
    ),
  }
}

/** Who can't tell whether a message has arrived sends it again. The request's id makes one of all its copies. */
function onceEach(legs: Observable<Leg>): Stream<Leg, undefined, undefined> {
  return legs.pipe(
    assignTimestamps((leg) => leg.time, boundedOutOfOrderness('1m')),
    deduplicate((leg) => leg.transfer, { within: '1h' }),
    share(),
  )
}

if (process.argv[1] === import.meta.filename) {
  const { debits, credits } = transferLegs()
  const { balances, halfDone } = book(fromIterable(debits), fromIterable(credits))
  const accounts = materialize<number, string>()
  const line = ({ debit, credit }: HalfDone): string =>
    credit === undefined
      ? `${debit?.transfer}: nothing came to anybody`
      : `${credit.transfer}: nothing left any account`
  await run([route(balances, accounts), route(halfDone, text(process.stdout, line))]).done
  for (const [account, cents] of accounts.entries()) process.stdout.write(`${account}: ${(cents / 100).toFixed(2)}\n`)
}
