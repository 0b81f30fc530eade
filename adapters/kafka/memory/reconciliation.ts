import type { Agreement, JoinRequest, Shared } from './agreement.ts'
import type { Member } from './group-member.ts'
import { keyOf } from './group-offsets.ts'

/**
 * The protocol of KIP-848: the broker decides, and brings one member after the other to what it has decided. A member that has nothing to
 * give up does not wait for others, except for partitions which those still have.
 */
export class Reconciliation implements Agreement {
  readonly #group: Shared
  readonly #callOffs = new Map<Member, () => void>()

  constructor(group: Shared) {
    this.#group = group
  }

  begin(): void {
    this.#group.generation += 1
    this.#group.share()
    this.#reconcile()
  }

  joined(member: Member, { owned }: JoinRequest): void {
    if (!member.isRevoking) {
      this.begin()
      return
    }
    // It was asked to give up something else meanwhile.
    if (owned.length !== member.assigned.length) return
    member.isRevoking = false
    member.owned = owned
    this.#callOffs.get(member)?.()
    this.#reconcile()
  }

  removed(): void {
    if (this.#group.members.size > 0) this.begin()
  }

  replaced(member: Member): void {
    this.#tell(member)
    this.#reconcile()
  }

  #reconcile(): void {
    for (const member of this.#group.members.values()) if (!member.isRevoking) this.#move(member)
  }

  #move(member: Member): void {
    const wanted = new Set(member.target.map(keyOf))
    const kept = member.owned.filter((partition) => wanted.has(keyOf(partition)))
    if (kept.length < member.owned.length) {
      member.isRevoking = true
      member.assigned = kept
      const { clock } = this.#group
      const until = clock.now() + member.client.options.rebalanceTimeout
      this.#callOffs.set(
        member,
        clock.at(until, () => this.#group.leave(member, true)),
      )
      this.#tell(member)
      return
    }
    const taken = this.#group.ownedByOthers(member)
    const free = member.target.filter((partition) => !taken.has(keyOf(partition)))
    if (free.length === kept.length && member.generation === this.#group.generation) return
    member.generation = this.#group.generation
    member.owned = free
    member.assigned = free
    this.#tell(member)
  }

  #tell({ client, memberId, generation, assigned }: Member): void {
    client.hear({ kind: 'assigned', memberId, generation, partitions: assigned })
  }
}
