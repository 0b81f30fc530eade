// Laws of sticky assignment
//
// 1. Nothing is given to two, and nothing to one that does not read the topic.
// 2. Nobody has two units more than another.
// 3. As few units as possible move away from those whose claim holds: no other even distribution keeps more (brute force).
// 4. What moves is given to nobody as long as anybody says that it has it. When all have given up what they were not given, and come again, until
//    nobody has to, all is given out.
// 5. The order of the members does not matter.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TopicPartition } from '../../driver.ts'
import { assignStickily } from './assign-stickily.ts'
import type { Claimant, Distribution } from './claimant.ts'
import { nameOf, without } from './partitions.ts'

const topics = ['orders', 'payments']

const group = fc
  .record({
    count: fc.integer({ min: 0, max: 5 }),
    claims: fc.array(
      fc.record({
        numbers: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }),
        generation: fc.constantFrom(7, 7, 7, 6, -1),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ count, claims }) => ({
    counts: new Map(topics.map((topic) => [topic, count])),
    members: claims.map(({ numbers, generation }, i): Claimant => ({
      memberId: `m${String(i)}`,
      instanceId: undefined,
      topics,
      owned: numbers.filter((number) => number < count).flatMap(both),
      generation,
    })),
  }))

function both(partition: number): TopicPartition[] {
  return topics.map((topic) => ({ topic, partition }))
}

function unitsOf(distribution: Distribution, memberId: string): number[] {
  return (distribution.get(memberId) ?? []).filter(({ topic }) => topic === 'orders').map(({ partition }) => partition)
}

/** Units by the one member that may keep them. */
function keepers(members: readonly Claimant[]): ReadonlyMap<number, string> {
  const newest = Math.max(...members.map(({ generation }) => generation))
  const kept = new Map<number, string>()
  for (let unit = 0; unit < 6; unit++) {
    const claimants = members.filter(
      ({ owned, generation }) => generation === newest && owned.some(({ partition }) => partition === unit),
    )
    if (claimants.length === 1) kept.set(unit, String(claimants[0]?.memberId))
  }
  return kept
}

/** The most that any even distribution keeps. */
function mostKept(count: number, members: readonly Claimant[]): number {
  const kept = keepers(members)
  let most = 0
  const place = (unit: number, loads: readonly number[], sum: number): void => {
    if (unit === count) {
      if (Math.max(...loads) - Math.min(...loads) < 2) most = Math.max(most, sum)
      return
    }
    members.forEach(({ memberId }, i) =>
      place(
        unit + 1,
        loads.map((load, j) => (i === j ? load + 1 : load)),
        sum + (kept.get(unit) === memberId ? 1 : 0),
      ),
    )
  }
  place(
    0,
    members.map(() => 0),
    0,
  )
  return most
}

/** What each claims in the next round, when it has done as it was told. */
function next(members: readonly Claimant[], given: Distribution): Claimant[] {
  const newest = Math.max(...members.map(({ generation }) => generation))
  return members.map((member) => ({ ...member, owned: given.get(member.memberId) ?? [], generation: newest + 1 }))
}

test('sticky assignment', () => {
  fc.assert(
    fc.property(group, ({ counts, members }) => {
      const count = counts.get('orders') ?? 0
      const first = assignStickily(members, counts, true)
      expect(assignStickily(members.toReversed(), counts, true)).toEqual(first)

      const kept = keepers(members)
      const keeping = members.flatMap(({ memberId }) =>
        unitsOf(first, memberId).filter((unit) => kept.get(unit) === memberId),
      )
      expect(keeping.length).toBe(mostKept(count, members))
      for (const { memberId } of members) {
        const others = members.filter((other) => other.memberId !== memberId).flatMap(({ owned }) => owned)
        const taken = (first.get(memberId) ?? []).filter(({ partition }) => kept.get(partition) !== memberId)
        expect(without(taken, others)).toEqual(taken)
      }

      let [given, now] = [first, next(members, first)]
      for (let rounds = 0; rounds < 2; rounds++) {
        given = assignStickily(now, counts, true)
        now = next(now, given)
      }
      const all = [...given.values()].flat().map(nameOf)
      expect([all.length, new Set(all).size]).toEqual([2 * count, 2 * count])
      const loads = members.map(({ memberId }) => unitsOf(given, memberId).length)
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThan(2)
      // What was kept in the first round has not moved since.
      for (const unit of keeping) expect(unitsOf(given, String(kept.get(unit)))).toContain(unit)
    }),
    { numRuns: 500 },
  )
})
