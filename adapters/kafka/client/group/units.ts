import type { TopicPartition } from '../../driver.ts'
import type { Claimant } from './claimant.ts'

/** Partitions that are given out together. */
export type Unit = readonly TopicPartition[]

/** What some members may get: units of the topics that they all read, and nobody else. */
export interface Share {
  readonly members: readonly Claimant[]
  readonly units: readonly Unit[]
}

/**
 * What there is to give out. As a rule all members read the same topics, and there is one share; while a new version of a program that
 * reads other topics comes in, each kind of member has its own.
 *
 * @param keepsTogether makes a unit of all partitions with the same number; otherwise each is one
 */
export function sharesOf(
  members: readonly Claimant[],
  counts: ReadonlyMap<string, number>,
  keepsTogether: boolean,
): readonly Share[] {
  const ordered = members.toSorted(byName)
  const readers = new Map<string, { readonly members: readonly Claimant[]; readonly topics: string[] }>()
  for (const topic of [...counts.keys()].toSorted()) {
    const of = ordered.filter(({ topics }) => topics.includes(topic))
    if (of.length === 0) continue
    const key = of.map(({ memberId }) => memberId).join('\n')
    const same = readers.get(key)
    if (same === undefined) readers.set(key, { members: of, topics: [topic] })
    else same.topics.push(topic)
  }
  return [...readers.values()].map(({ members: of, topics }) => ({
    members: of,
    units: keepsTogether ? together(topics, counts) : apart(topics, counts),
  }))
}

function together(topics: readonly string[], counts: ReadonlyMap<string, number>): Unit[] {
  const most = Math.max(...topics.map((topic) => counts.get(topic) ?? 0))
  return Array.from({ length: most }, (_, partition) =>
    topics.filter((topic) => partition < (counts.get(topic) ?? 0)).map((topic) => ({ topic, partition })),
  )
}

function apart(topics: readonly string[], counts: ReadonlyMap<string, number>): Unit[] {
  return topics.flatMap((topic) =>
    Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => [{ topic, partition }]),
  )
}

/** By instance id where there is one, since a member id is another one after each restart. */
function byName(a: Claimant, b: Claimant): number {
  const [first, second] = [a.instanceId ?? a.memberId, b.instanceId ?? b.memberId]
  return first === second ? 0 : first < second ? -1 : 1
}
