import type { Leg } from '../money-transfers.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const minute = 60_000
const start = Date.UTC(2026, 3, 20, 9)
const accounts = ['ada', 'barbara', 'donald', 'edsger', 'grace', 'niklaus']

/**
 * An hour of transfers, as the log of what leaves accounts and that of what comes to them, up to a minute out of order. Who writes
 * them writes again what he is not sure to have written, up to half an hour later: a third of all is there twice, or more often. Of
 * two transfers one half has never been written.
 */
export function transferLegs({ seed = 1, arrival = 1 }: Seeds = {}): {
  readonly debits: readonly Leg[]
  readonly credits: readonly Leg[]
} {
  const random = seeded(seed)
  const debits: Leg[] = []
  const credits: Leg[] = []
  const copies = new Set<Leg>()
  const write = (log: Leg[], leg: Leg): void => {
    log.push(leg)
    while (random.next() < 0.3) {
      const copy = { ...leg }
      log.push(copy)
      copies.add(copy)
    }
  }
  for (let i = 0; i < 200; i++) {
    const { transfer, cents } = { transfer: `t${i}`, cents: 1 + random.below(50_000) }
    const time = start + random.below(60 * minute)
    // Somebody may also pay himself.
    const [from, to] = [random.pick(accounts), random.pick(accounts)]
    if (i !== 120) write(debits, { transfer, time, account: from, cents })
    // The other half takes a moment.
    if (i !== 60) write(credits, { transfer, time: time + random.below(2 * minute), account: to, cents })
  }
  const way = seeded(arrival)
  const delay = (leg: Leg): number => way.below(minute) + (copies.has(leg) ? way.below(30 * minute) : 0)
  return { debits: arriving(debits, delay), credits: arriving(credits, delay) }
}
