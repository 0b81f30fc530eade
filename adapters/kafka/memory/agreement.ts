import type { Clock } from '../../../lib/clock.ts'
import type { TopicPartition } from '../driver.ts'
import type { Member } from './group-member.ts'

/** What a member says when it joins. */
export interface JoinRequest {
  /** As which it was known when it last heard of its group; undefined if it has not heard of it yet. */
  readonly memberId: string | undefined
  readonly generation: number
  /** What it still has. */
  readonly owned: readonly TopicPartition[]
  /** That it was called to. */
  readonly round?: number | undefined
}

/** How a group comes to agree on who has what. */
export interface Agreement {
  /** Begins anew, because members or topics have changed. */
  begin(): void
  /** A member has joined, or joined again, with what it still has. */
  joined(member: Member, request: JoinRequest): void
  removed(): void
  /** A member stands in for one that was there before. */
  replaced(member: Member): void
}

/** What an agreement is about. */
export interface Shared {
  readonly clock: Clock
  readonly members: ReadonlyMap<string, Member>
  /** Goes up with each agreement. */
  generation: number
  /** Decides who is to have what. */
  share(): void
  /** What others than this member may be at work on. */
  ownedByOthers(member: Member): ReadonlySet<string>
  /** @param isLost it has not left by itself, and hears of it when it can */
  leave(member: Member, isLost?: boolean): void
}
