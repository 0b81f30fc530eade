import type { TopicPartition } from '../driver.ts'
import { keyOf } from './group-offsets.ts'

/** A member that wants partitions. */
export interface Candidate {
  readonly id: string
  readonly topics: readonly string[]
  /** What it had. */
  readonly previous: readonly TopicPartition[]
}

/** What goes to one member as a whole. */
interface Unit {
  readonly partitions: TopicPartition[]
}

/**
 * Shares out partitions: members that could have the same ones get equally many, or one more, and keep of what they had as much as that allows.
 *
 * @param partitionsOf how many partitions a topic has
 * @param keepsTogether partitions with the same number go to the same member, of those who want all of their topics
 */
export function assign(
  candidates: readonly Candidate[],
  partitionsOf: (topic: string) => number,
  keepsTogether: boolean,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const units = unitsOf(candidates, partitionsOf, keepsTogether)
  const had = new Map(candidates.map(({ id, previous }) => [id, new Set(previous.map(keyOf))]))
  const shares = new Map(candidates.map(({ id }) => [id, new Set<Unit>()]))
  const wanting = (unit: Unit): readonly Candidate[] =>
    candidates.filter(({ topics }) => unit.partitions.every(({ topic }) => topics.includes(topic)))
  const sizeOf = ({ id }: Candidate): number => shares.get(id)?.size ?? 0
  const least = (among: readonly Candidate[]): Candidate | undefined =>
    among.reduce<Candidate | undefined>(
      (best, each) => (best === undefined || sizeOf(each) < sizeOf(best) ? each : best),
      undefined,
    )
  const free: Unit[] = []
  for (const unit of units) {
    const keeper = wanting(unit).find(({ id }) => unit.partitions.some((each) => had.get(id)?.has(keyOf(each))))
    if (keeper === undefined) free.push(unit)
    else shares.get(keeper.id)?.add(unit)
  }
  for (const unit of free) {
    const taker = least(wanting(unit))
    if (taker !== undefined) shares.get(taker.id)?.add(unit)
  }
  // Those with too much give from the end, so that who keeps what does not depend on who came last.
  for (let isEven = false; !isEven;) {
    isEven = true
    for (const unit of units.toReversed()) {
      const owner = candidates.find(({ id }) => shares.get(id)?.has(unit))
      const taker = least(wanting(unit))
      if (owner === undefined || taker === undefined || sizeOf(owner) - sizeOf(taker) < 2) continue
      shares.get(owner.id)?.delete(unit)
      shares.get(taker.id)?.add(unit)
      isEven = false
    }
  }
  return new Map(
    [...shares].map(([id, share]) => [id, units.filter((unit) => share.has(unit)).flatMap((unit) => unit.partitions)]),
  )
}

function unitsOf(
  candidates: readonly Candidate[],
  partitionsOf: (topic: string) => number,
  keepsTogether: boolean,
): readonly Unit[] {
  const topics = [...new Set(candidates.flatMap((candidate) => candidate.topics))].toSorted()
  const partitions = topics.flatMap((topic) =>
    Array.from({ length: partitionsOf(topic) }, (_, partition) => ({ topic, partition })),
  )
  if (!keepsTogether) return partitions.map((partition) => ({ partitions: [partition] }))
  const units = new Map<number, Unit>()
  for (const partition of partitions) {
    const unit = units.get(partition.partition)
    if (unit === undefined) units.set(partition.partition, { partitions: [partition] })
    else unit.partitions.push(partition)
  }
  return [...units].toSorted(([a], [b]) => a - b).map(([, unit]) => unit)
}
