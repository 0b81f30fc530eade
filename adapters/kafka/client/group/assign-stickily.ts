import type { TopicPartition } from '../../driver.ts'
import type { Claimant, Distribution } from './claimant.ts'
import { nameOf } from './partitions.ts'
import { type Share, sharesOf, type Unit } from './units.ts'

/**
 * Gives the partitions out so that as few as possible move and no member has two more than another, for groups whose members keep what they
 * have over a rebalance. What moves is given to nobody as long as any member says that it has it: when that one has given it up it joins
 * again, and then it is free.
 *
 * Only claims of the newest generation keep a partition: a member that has missed one does not know what has become of it since. And when
 * two have a claim on one, neither keeps it; both have to give it up.
 */
export function assignStickily(
  members: readonly Claimant[],
  counts: ReadonlyMap<string, number>,
  keepsTogether: boolean,
): Distribution {
  const claims = new Claims(members)
  const given = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]))
  for (const share of sharesOf(members, counts, keepsTogether)) {
    for (const [memberId, units] of balanced(share, claims))
      given.get(memberId)?.push(...units.flat().filter((partition) => claims.isFreeFor(memberId, partition)))
  }
  return given
}

/** Which units each member is to have in the end. */
function balanced({ members, units }: Share, claims: Claims): ReadonlyMap<string, Unit[]> {
  const kept = new Map<string, Unit[]>(members.map(({ memberId }) => [memberId, []]))
  const free: Unit[] = []
  for (const unit of units) (kept.get(claims.keeperOf(unit) ?? '') ?? free).push(unit)

  // Those who have the most may have one more than the others, where it does not come out even: so the least moves.
  const each = Math.floor(units.length / members.length)
  const more = units.length % members.length
  const byKept = members.toSorted((a, b) => length(kept, b) - length(kept, a))
  const room: Unit[][] = []
  byKept.forEach(({ memberId }, i) => {
    const own = kept.get(memberId) ?? []
    const quota = i < more ? each + 1 : each
    free.push(...own.splice(quota))
    for (let left = quota - own.length; left > 0; left--) room.push(own)
  })
  free.forEach((unit, i) => room[i]?.push(unit))
  return kept
}

function length(kept: ReadonlyMap<string, Unit[]>, { memberId }: Claimant): number {
  return kept.get(memberId)?.length ?? 0
}

/** Who says that it has what. */
class Claims {
  /** Everyone who does, by partition. */
  readonly #holders = new Map<string, Set<string>>()
  /** Those who can know. */
  readonly #current = new Map<string, Set<string>>()

  constructor(members: readonly Claimant[]) {
    const newest = Math.max(...members.map(({ generation }) => generation))
    for (const { memberId, owned, generation } of members) {
      for (const partition of owned) {
        add(this.#holders, partition, memberId)
        if (generation === newest) add(this.#current, partition, memberId)
      }
    }
  }

  /** The one member that has it, or some of it, while nobody else does. */
  keeperOf(unit: Unit): string | undefined {
    const claimants = new Set(unit.flatMap((partition) => [...(this.#current.get(nameOf(partition)) ?? [])]))
    const [one, another] = claimants
    return another === undefined ? one : undefined
  }

  /** Whether nothing bad can come of giving it to this one now: it has it, or nobody has it. */
  isFreeFor(memberId: string, partition: TopicPartition): boolean {
    const current = this.#current.get(nameOf(partition))
    if (current?.size === 1 && current.has(memberId)) return true
    return !this.#holders.has(nameOf(partition))
  }
}

function add(claims: Map<string, Set<string>>, partition: TopicPartition, memberId: string): void {
  const name = nameOf(partition)
  const claimants = claims.get(name)
  if (claimants === undefined) claims.set(name, new Set([memberId]))
  else claimants.add(memberId)
}
