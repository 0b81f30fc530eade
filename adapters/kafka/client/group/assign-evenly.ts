import type { TopicPartition } from '../../driver.ts'
import type { Claimant, Distribution } from './claimant.ts'
import { sharesOf } from './units.ts'

/**
 * Gives each member a run of neighbours, or every n-th, without regard to what they had: for groups that give up everything at each rebalance.
 * With `keepsTogether` runs, as other clients' `range` has them where all topics have as many partitions; otherwise in turn, as their
 * `roundrobin`. Whoever leads the group does the same.
 */
export function assignEvenly(
  members: readonly Claimant[],
  counts: ReadonlyMap<string, number>,
  keepsTogether: boolean,
): Distribution {
  const given = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]))
  for (const { members: readers, units } of sharesOf(members, counts, keepsTogether)) {
    const [each, more] = [Math.floor(units.length / readers.length), units.length % readers.length]
    units.forEach((unit, i) => {
      const run = i < more * (each + 1) ? Math.floor(i / (each + 1)) : more + Math.floor((i - more * (each + 1)) / each)
      const reader = readers[keepsTogether ? run : i % readers.length]
      if (reader !== undefined) given.get(reader.memberId)?.push(...unit)
    })
  }
  return given
}
