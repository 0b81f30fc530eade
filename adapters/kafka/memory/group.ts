import type { Clock } from '../../../lib/clock.ts'
import type { Holder, MemberIdentity } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { Agreement, JoinRequest, Shared } from './agreement.ts'
import { assign } from './assign.ts'
import { GroupOffsets, keyOf } from './group-offsets.ts'
import { Member, type MemberClient } from './group-member.ts'
import { Reconciliation } from './reconciliation.ts'
import { Rounds } from './rounds.ts'

/** A group: its members, and the offsets it has committed. */
export class Group implements Shared {
  readonly offsets: GroupOffsets
  readonly members: Map<string, Member> = new Map()
  readonly clock: Clock
  readonly #partitionsOf: (topic: string) => number
  /** ms. Of members that leave it to the broker. */
  readonly #sessionTimeout: number
  #agreement: Agreement | undefined
  #joins = 0
  /** The next time everything goes to somebody else. */
  #moves = false
  /** Goes up only, also where a group was empty in between. */
  generation = 0

  constructor(clock: Clock, broker: number, partitionsOf: (topic: string) => number, sessionTimeout: number) {
    this.offsets = new GroupOffsets(broker)
    this.#sessionTimeout = sessionTimeout
    this.clock = clock
    this.#partitionsOf = partitionsOf
  }

  /** Takes a member in, or takes note of what it still has. Says nothing to those who are about to hear of what they do not know yet. */
  join(client: MemberClient, request: JoinRequest): void {
    const { memberId, generation } = request
    const known = memberId === undefined ? this.memberOf(client) : this.members.get(memberId)
    if (known?.generation === generation) this.#agreement?.joined(known, request)
    else if (known === undefined && memberId === undefined) this.#add(client, request)
  }

  /** @param isLost it has not left by itself, and hears of it when it can */
  leave(member: Member, isLost = false): void {
    if (!this.members.delete(member.memberId)) return
    member.dismiss()
    if (isLost) member.client.hear({ kind: 'lost' })
    this.#agreement?.removed()
  }

  /** @param moves members get other partitions than they had, where there are some */
  rebalance(moves: boolean): void {
    this.#moves ||= moves
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
    return this.#all().find((member) => member.client === client)
  }

  wants(topic: string): boolean {
    return this.#all().some(({ client }) => client.options.topics.includes(topic))
  }

  /** Decides who is to have what. */
  share(): void {
    const members = this.#all()
    const candidates = members.map(({ memberId, client }, i) => ({
      id: memberId,
      topics: client.options.topics,
      previous: members.at(this.#moves ? i - 1 : i)?.target ?? [],
    }))
    const keepsTogether = members.some(({ client }) => client.options.keepsTogether)
    const shares = assign(candidates, this.#partitionsOf, keepsTogether)
    for (const member of members) member.target = shares.get(member.memberId) ?? []
    this.#moves = false
  }

  /** What others than this member may be at work on. */
  ownedByOthers(member: Member): ReadonlySet<string> {
    const others = this.#all().filter((each) => each !== member)
    return new Set(others.flatMap((each) => each.owned.map(keyOf)))
  }

  #add(client: MemberClient, request: JoinRequest): void {
    const { protocol, instanceId, sessionTimeout } = client.options
    if (this.members.size === 0) this.#agreement = protocol === 'consumer' ? new Reconciliation(this) : new Rounds(this)
    if (this.#all().some((each) => each.client.options.protocol !== protocol))
      throw new KafkaError('other', `the members of the group use another protocol than ${protocol}`)
    const timeout = protocol === 'consumer' ? this.#sessionTimeout : sessionTimeout
    const memberId = `${client.process.clientId}-${this.#joins++}`
    const member = new Member(this.clock, memberId, client, timeout, () => this.leave(member, true))
    const before = this.#instance(instanceId)
    this.members.set(memberId, member)
    if (before === undefined) {
      this.#agreement?.joined(member, request)
      return
    }
    before.dismiss()
    this.members.delete(before.memberId)
    before.client.hear({ kind: 'replaced' })
    member.target = before.target
    member.assigned = before.assigned
    member.owned = before.assigned
    member.generation = before.generation
    this.#agreement?.replaced(member)
  }

  #all(): readonly Member[] {
    return [...this.members.values()]
  }

  #instance(instanceId: string | undefined): Member | undefined {
    if (instanceId === undefined) return undefined
    return this.#all().find(({ client }) => client.options.instanceId === instanceId)
  }
}
