import type { TopicPartition } from '../driver.ts'
import type { Agreement, JoinRequest, Shared } from './agreement.ts'
import type { Member } from './group-member.ts'
import { keyOf } from './group-offsets.ts'

/**
 * The classic protocol: all members join, and when the last one has, all are told what they have. With `classic` they have given up
 * everything by then; with `cooperative` they keep what they have, and what is to move is given out in the round after.
 */
export class Rounds implements Agreement {
  readonly #group: Shared
  #round = 0
  #isGathering = false
  /** Some wait for what others have to give up first. */
  #isUnfinished = false
  #callOff: () => void = () => {}

  constructor(group: Shared) {
    this.#group = group
  }

  begin(): void {
    this.#begin(undefined)
  }

  joined(member: Member, { owned, round }: JoinRequest): void {
    if (round !== undefined && !(this.#isGathering && round === this.#round)) return
    this.#begin(member)
    this.#takeIn(member, owned)
  }

  #begin(joining: Member | undefined): void {
    if (this.#isGathering) return
    this.#isGathering = true
    this.#round += 1
    for (const member of this.#group.members.values()) {
      member.hasJoined = false
      if (member !== joining) member.client.hear({ kind: 'rebalance', round: this.#round })
    }
    this.#wait(() => this.#proceed())
  }

  removed(): void {
    const members = [...this.#group.members.values()]
    if (this.#isGathering) {
      if (members.every(({ hasJoined }) => hasJoined)) this.#complete()
    } else if (members.length > 0) this.begin()
  }

  replaced(member: Member): void {
    if (this.#isGathering) {
      this.#takeIn(member, [])
      return
    }
    this.#tell(member)
    // The one before may have been about to give something up, and to join again then.
    if (this.#isUnfinished) this.begin()
  }

  /** Goes on without those who have not come. Static ones keep their place: their session is what ends it. */
  #proceed(): void {
    const missing = [...this.#group.members.values()].filter(({ hasJoined }) => !hasJoined)
    for (const member of missing) {
      if (member.client.options.instanceId === undefined) this.#group.leave(member, true)
      else this.#takeIn(member, member.assigned)
    }
  }

  #takeIn(member: Member, owned: readonly TopicPartition[]): void {
    member.hasJoined = true
    member.owned = owned
    this.removed()
  }

  #complete(): void {
    this.#callOff()
    this.#isGathering = false
    this.#group.generation += 1
    this.#isUnfinished = false
    this.#group.share()
    for (const member of this.#group.members.values()) {
      const taken = this.#group.ownedByOthers(member)
      member.generation = this.#group.generation
      member.assigned = member.target.filter((partition) => !taken.has(keyOf(partition)))
      this.#isUnfinished ||= member.assigned.length < member.target.length
    }
    for (const member of this.#group.members.values()) this.#tell(member)
    if (this.#isUnfinished) this.#wait(() => this.#giveUp())
  }

  /** Those who have not given up in time what others are to have have lost it. */
  #giveUp(): void {
    const late = [...this.#group.members.values()].filter(({ assigned, owned }) => {
      const kept = new Set(assigned.map(keyOf))
      return owned.some((partition) => !kept.has(keyOf(partition)))
    })
    for (const member of late) this.#group.leave(member, true)
  }

  #wait(act: () => void): void {
    const { clock, members } = this.#group
    const timeouts = Array.from(members.values(), ({ client }) => client.options.rebalanceTimeout)
    this.#callOff()
    this.#callOff = clock.at(clock.now() + Math.max(0, ...timeouts), act)
  }

  #tell({ client, memberId, generation, assigned }: Member): void {
    client.hear({ kind: 'assigned', memberId, generation, partitions: assigned })
  }
}
