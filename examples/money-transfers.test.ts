import { expect, test } from 'vitest'
import { route, run } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { materialize } from 'tidemark/operators'
import { transferLegs } from './data/money-transfers.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { book, type HalfDone, type Leg } from './money-transfers.ts'

/** One leg of each id. */
function unique(legs: readonly Leg[]): ReadonlyMap<string, Leg> {
  return new Map(legs.map((leg) => [leg.transfer, leg]))
}

function batch(debits: readonly Leg[], credits: readonly Leg[]): [Readonly<Record<string, number>>, HalfDone[]] {
  const [out, into] = [unique(debits), unique(credits)]
  const balances: Record<string, number> = {}
  for (const { account, cents } of out.values()) balances[account] = (balances[account] ?? 0) - cents
  for (const { account, cents } of into.values()) balances[account] = (balances[account] ?? 0) + cents
  const halfDone = [...new Set([...out.keys(), ...into.keys()])]
    .map((id) => ({ debit: out.get(id), credit: into.get(id) }))
    .filter(({ debit, credit }) => debit === undefined || credit === undefined)
  return [balances, halfDone]
}

async function booked(
  debits: readonly Leg[],
  credits: readonly Leg[],
  chunkSize: number,
): Promise<[Readonly<Record<string, number>>, readonly HalfDone[]]> {
  const accounts = materialize<number, string>()
  const halfDone: HalfDone[] = []
  const books = book(fromIterable(debits, { chunkSize }), fromIterable(credits, { chunkSize }))
  const { operators } = await run([
    route(books.balances, accounts),
    route(books.halfDone, (half) => void halfDone.push(half)),
  ]).done
  // Each copy is known for one, and not merely too late.
  for (const { name, late } of operators) expect([name, late]).toEqual([name, 0])
  return [Object.fromEntries(accounts.entries()), halfDone]
}

const total = (amounts: Iterable<number>): number => [...amounts].reduce((sum, amount) => sum + amount, 0)

test.each(runs)('balances, and transfers half done: $seed, $arrival, $chunkSize', async ({ chunkSize, ...seeds }) => {
  const { debits, credits } = transferLegs(seeds)
  const [balances, halfDone] = await booked(debits, credits, chunkSize)
  const expected = batch(debits, credits)
  expect(balances).toEqual(expected[0])
  expect(sorted(halfDone)).toEqual(sorted(expected[1]))
  // Nothing is lost: what is in no account is what is half done.
  expect(halfDone).toHaveLength(2)
  expect(total(Object.values(balances))).toBe(
    total(halfDone.map(({ debit, credit }) => (credit?.cents ?? 0) - (debit?.cents ?? 0))),
  )
})

test('what is delivered once more, one way or the other, changes nothing', async () => {
  const { debits, credits } = transferLegs()
  const twice = (legs: readonly Leg[]): readonly Leg[] => legs.flatMap((leg) => [leg, leg])
  const again = (legs: readonly Leg[]): readonly Leg[] => [...legs, ...legs]
  const once = await booked(debits, credits, 1_024)
  expect(await booked(twice(debits), twice(credits), 1_024)).toEqual(once)
  expect(await booked(again(debits), again(credits), 1_024)).toEqual(once)
})
