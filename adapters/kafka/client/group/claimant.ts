import type { TopicPartition } from '../../driver.ts'
import type { Subscription } from './subscription.ts'

/** A member, as the leader sees it when it gives out the partitions. */
export interface Claimant extends Subscription {
  /** Its id in this generation. */
  readonly memberId: string
  readonly instanceId: string | undefined
}

/** Who gets what: an entry for each member. */
export type Distribution = ReadonlyMap<string, readonly TopicPartition[]>

/** Gives out the partitions of topics, of which the counts are known, to members. */
export type Assignor = (
  members: readonly Claimant[],
  counts: ReadonlyMap<string, number>,
  keepsTogether: boolean,
) => Distribution
