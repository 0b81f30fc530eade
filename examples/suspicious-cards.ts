// Which card payments are far above what the card is used for, and which look as if a stolen card had been tried out?
//
//     node examples/suspicious-cards.ts
import { begin, boundedOutOfOrderness, route, run } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
import { assignTimestamps, detect, flatMap, keyBy, mapWithState, values } from 'tidemark/operators'
import { type Observable, share } from 'rxjs'
import { cardPayments } from './data/suspicious-cards.ts'

export interface Payment {
  readonly id: string
  readonly card: string
  readonly time: number
  readonly cents: number
}

export interface Suspicions {
  /** Payments of more than the mean and four standard deviations of those before. */
  readonly unusual: Observable<Payment>
  /** Next to nothing, and less than a minute later a lot. */
  readonly triedOut: Observable<{ readonly small: Payment; readonly large: Payment }>
}

const trial = begin('small', ({ cents }: Payment) => cents < 100)
  .followedBy('large', ({ cents }) => cents > 30_000)
  .within('1m')

export function suspicions(payments: Observable<Payment>): Suspicions {
  const byCard = payments.pipe(
    assignTimestamps((payment) => payment.time, boundedOutOfOrderness('2m')),
    keyBy((payment) => payment.card),
    share(),
  )
  return {
    unusual: byCard.pipe(
      mapWithState(
        noHabit,
        (habit, payment) => {
          // What is suspicious must not become a habit.
          const isUnusual = habit.count >= 10 && payment.cents > habit.mean + 4 * deviation(habit)
          return isUnusual ? [habit, [payment]] : [withPayment(habit, payment.cents), []]
        },
        { order: 'time', keep: '90d' },
      ),
      flatMap((found) => found),
      values(),
    ),
    triedOut: byCard.pipe(detect(trial), values()),
  }
}

/** Of the payments of a card, by Welford's method: nothing has to be kept of each. */
interface Habit {
  readonly count: number
  readonly mean: number
  /** The sum of the squares of their distances from the mean. */
  readonly squares: number
}

const noHabit: Habit = { count: 0, mean: 0, squares: 0 }

function withPayment({ count, mean, squares }: Habit, cents: number): Habit {
  const next = mean + (cents - mean) / (count + 1)
  return { count: count + 1, mean: next, squares: squares + (cents - mean) * (cents - next) }
}

function deviation({ count, squares }: Habit): number {
  return Math.sqrt(squares / count)
}

if (process.argv[1] === import.meta.filename) {
  const { unusual, triedOut } = suspicions(fromIterable(cardPayments()))
  const euros = ({ cents }: Payment): string => (cents / 100).toFixed(2)
  await run([
    route(
      unusual,
      text(process.stdout, (payment) => `${payment.card}: ${euros(payment)} is unusual`),
    ),
    route(
      triedOut,
      text(process.stdout, ({ small, large }) => `${large.card}: ${euros(small)}, and then ${euros(large)}`),
    ),
  ]).done
}
