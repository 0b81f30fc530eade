import type { Payment } from '../suspicious-cards.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const start = Date.UTC(2026, 8, 14)

/** Two weeks of card payments, up to two minutes out of order. A few are far too large, and some cards are tried out. */
export function cardPayments({ seed = 1, arrival = 1 }: Seeds = {}): readonly Payment[] {
  const random = seeded(seed)
  const payments: Payment[] = []
  const pay = (card: string, time: number, cents: number): void =>
    void payments.push({ id: `p${payments.length}`, card, time, cents: Math.round(cents) })
  for (let n = 0; n < 15; n++) {
    const card = `card-${n}`
    const habit = 1_000 + random.below(5_000)
    let time = start + random.below(12 * hour)
    for (let i = 0; i < 40; i++) {
      // The sum of some random numbers is near their mean most of the time.
      const share = (random.next() + random.next() + random.next() + random.next()) / 2
      const isOdd = random.next() < 0.02
      pay(card, time, habit * share * (isOdd ? 8 : 1))
      time += minute + random.below(14 * hour)
      // Whoever has found a card number tries it with a little, and then goes for more.
      if (random.next() < 0.02) {
        pay(card, time, 30 + random.below(60))
        pay(card, time + 5 * second + random.below(90 * second), 40_000 + random.below(60_000))
        time += 10 * minute
      }
    }
  }
  // A minute between the two to the millisecond, a millisecond less, and something else in between.
  const tryOut = (card: string, gap: number): void => {
    pay(card, start + hour, 99)
    pay(card, start + hour + gap, 50_000)
  }
  tryOut('card-at-a-minute', minute)
  tryOut('card-before-a-minute', minute - 1)
  tryOut('card-in-between', 40 * second)
  pay('card-in-between', start + hour + 20 * second, 2_500)

  // These deviate by a euro from ten on average; 14 is the border. The last two payments are made within a second, and it matters
  // which of them is taken for the first.
  for (let n = 0; n < 12; n++) {
    const habit = n % 3 === 0 ? 9 : 10
    for (let i = 0; i < habit; i++) pay(`card-of-habit-${n}`, start + i * hour, i % 2 === 0 ? 900 : 1_100)
    pay(`card-of-habit-${n}`, start + (habit - 1) * hour + second, n % 3 === 1 ? 1_390 : 1_410)
  }

  const way = seeded(arrival)
  return arriving(payments, () => way.below(2 * minute))
}
