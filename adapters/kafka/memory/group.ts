import type { Clock } from '../../../lib/clock.ts'
import type { Holder, MemberIdentity, TopicPartition } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import { assign } from './assign.ts'
import { GroupOffsets, keyOf } from './group-offsets.ts'
import { Member, type MemberClient } from './group-member.ts'
import { Reconciliation } from './reconciliation.ts'
import { Rounds } from './rounds.ts'

/** How a group comes to agree on who has what. */
export interface Agreement {
  /** Begins anew, because members or topics have changed. */
  begin(): void
  /** A member has joined, or joined again, with what it still has. */
  joined(member: Member, round: number | undefined): void
  removed(): void
  /** A member stands in for one that was there before. */
  replaced(member: Member): void
}

/** A group: its members, and the offsets it has committed. */
export class Group {
  readonly offsets: GroupOffsets = new GroupOffsets()
  readonly members: Map<string, Member> = new Map()
  readonly clock: Clock
  readonly #partitionsOf: (topic: string) => number
  #agreement: Agreement | undefined
  #joins = 0
  /** Goes up only, also where a group was empty in between. */
  generation = 0

  constructor(clock: Clock, partitionsOf: (topic: string) => number) {
    this.clock = clock
    this.#partitionsOf = partitionsOf
  }

  /** @param memberId of one that has been in the group */
  join(client: MemberClient, memberId: string | undefined, owned: readonly TopicPartition[], round?: number): void {
    const { protocol, instanceId } = client.options
    if (memberId !== undefined) {
      const member = this.members.get(memberId)
      // One that was left out meanwhile is about to be told.
      if (member === undefined) return
      member.owned = owned
      this.#agreement?.joined(member, round)
      return
    }
    if (this.members.size === 0) this.#agreement = protocol === 'consumer' ? new Reconciliation(this) : new Rounds(this)
    const isOther = [...this.members.values()].some((each) => each.client.options.protocol !== protocol)
    if (isOther) throw new KafkaError('other', `the members of the group use another protocol than ${protocol}`)
    const member = new Member(this.clock, `${client.process.clientId}-${this.#joins++}`, client, () =>
      this.leave(member, true),
    )
    const before = this.#instance(instanceId)
    if (before === undefined) {
      this.members.set(member.memberId, member)
      this.#agreement?.joined(member, undefined)
      return
    }
    before.dismiss()
    this.members.delete(before.memberId)
    before.client.hear({ kind: 'replaced' })
    member.assigned = before.assigned
    member.owned = before.assigned
    member.generation = before.generation
    this.members.set(member.memberId, member)
    this.#agreement?.replaced(member)
  }

  /** @param isLost it has not left by itself, and hears of it when it can */
  leave(member: Member, isLost = false): void {
    if (!this.members.delete(member.memberId)) return
    member.dismiss()
    if (isLost) member.client.hear({ kind: 'lost' })
    this.#agreement?.removed()
  }

  rebalance(): void {
    if (this.members.size > 0) this.#agreement?.begin()
  }

  /** @throws KafkaError `fenced` if it is not, or no longer, the one that the group knows */
  check(identity: MemberIdentity | { readonly groupId: string }): void {
    if (!('memberId' in identity)) {
      if (this.members.size === 0) return
      throw new KafkaError('fenced', `${identity.groupId} has members: only they commit offsets`)
    }
    const member = this.members.get(identity.memberId)
    if (member?.generation === identity.generation) return
    const { groupId, memberId, generation } = identity
    const what = member === undefined ? 'is not a member any more' : `is at generation ${member.generation} by now`
    throw new KafkaError('fenced', `${groupId}: ${memberId} of generation ${generation} ${what}`)
  }

  holders(): readonly Holder[] {
    return Array.from(this.members.values(), ({ client, assigned }) => ({
      clientId: client.process.clientId,
      host: 'memory',
      partitions: assigned,
    }))
  }

  memberOf(client: MemberClient): Member | undefined {
    return [...this.members.values()].find((member) => member.client === client)
  }

  wants(topic: string): boolean {
    return [...this.members.values()].some(({ client }) => client.options.topics.includes(topic))
  }

  /** Who should have what. */
  target(): ReadonlyMap<string, readonly TopicPartition[]> {
    const members = [...this.members.values()]
    const candidates = members.map(({ memberId, client, assigned }) => ({
      id: memberId,
      topics: client.options.topics,
      previous: assigned,
    }))
    const keepsTogether = members.some(({ client }) => client.options.keepsTogether)
    return assign(candidates, this.#partitionsOf, keepsTogether)
  }

  /** What others than this member may be at work on. */
  ownedByOthers(member: Member): ReadonlySet<string> {
    const others = [...this.members.values()].filter((each) => each !== member)
    return new Set(others.flatMap((each) => each.owned.map(keyOf)))
  }

  #instance(instanceId: string | undefined): Member | undefined {
    if (instanceId === undefined) return undefined
    return [...this.members.values()].find(({ client }) => client.options.instanceId === instanceId)
  }
}
