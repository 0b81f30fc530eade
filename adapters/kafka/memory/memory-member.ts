import type { GroupMember, MemberIdentity, MemberOptions, TopicPartition, Trouble } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { ClientProcess, Connection } from './client-process.ts'
import type { Cluster } from './cluster.ts'
import type { GroupMessage, MemberClient } from './group-member.ts'
import type { JoinRequest } from './agreement.ts'
import { keyOf } from './group-offsets.ts'

/** A membership, in the client. What the group says is dealt with one after the other. */
export class MemoryMember implements GroupMember, MemberClient {
  identity: MemberIdentity | undefined
  rebalances = 0
  readonly options: MemberOptions
  readonly #cluster: Cluster
  readonly #connection: Connection
  readonly #onTrouble: (trouble: Trouble) => void
  #owned: readonly TopicPartition[] = []
  #turn: Promise<void> = Promise.resolve()
  isOver = false
  #attempts = 0

  constructor(cluster: Cluster, connection: Connection, options: MemberOptions, onTrouble: (trouble: Trouble) => void) {
    this.#cluster = cluster
    this.#connection = connection
    this.options = options
    this.#onTrouble = onTrouble
    connection.process.onCrash((error) => this.#fail(error))
    this.#join()
  }

  get process(): ClientProcess {
    return this.#connection.process
  }

  hear(message: GroupMessage): void {
    this.#connection.tell(() => void this.#queue(() => this.#obey(message)))
  }

  close(): Promise<void> {
    return this.#queue(async () => {
      if (this.isOver) return
      await this.#revoke(this.#owned)
      this.#stop()
      try {
        await this.#ask('leave', () => this.#leave())
      } catch {
        // Then the end of its session ends it.
        this.abandon()
      }
    })
  }

  /** Stops without leaving: its session runs out. */
  abandon(): void {
    this.#stop()
    this.#cluster.group(this.options.groupId).memberOf(this)?.abandon()
  }

  /** Says nothing any more, and hears nothing. */
  #stop(): void {
    this.isOver = true
    this.identity = undefined
  }

  #queue(act: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(act)
    this.#turn = done.catch((error: unknown) => this.#fail(error))
    return done
  }

  async #obey(message: GroupMessage): Promise<void> {
    if (this.isOver) return
    if (message.kind === 'replaced')
      throw new KafkaError('fenced', `another member has the instance id ${this.options.instanceId}`)
    if (message.kind === 'lost') {
      this.identity = undefined
      const lost = this.#owned
      this.#owned = []
      if (lost.length > 0) {
        this.rebalances += 1
        await this.options.listener.lost(lost)
      }
      this.#join()
      return
    }
    if (message.kind === 'rebalance') {
      if (this.options.protocol === 'classic') await this.#revoke(this.#owned)
      this.#join(message.round)
      return
    }
    const { memberId, generation, partitions } = message
    const { groupId, instanceId } = this.options
    this.identity = { groupId, memberId, generation, instanceId }
    const had = new Set(this.#owned.map(keyOf))
    const has = new Set(partitions.map(keyOf))
    const revoked = this.#owned.filter((partition) => !has.has(keyOf(partition)))
    const added = partitions.filter((partition) => !had.has(keyOf(partition)))
    await this.#revoke(revoked)
    if (this.isOver) return
    this.#owned = partitions
    if (added.length > 0) {
      this.rebalances += 1
      await this.options.listener.assigned(added)
    }
    if (revoked.length > 0) this.#join()
  }

  async #revoke(revoked: readonly TopicPartition[]): Promise<void> {
    if (revoked.length === 0) return
    await this.options.listener.revoked(revoked)
    const gone = new Set(revoked.map(keyOf))
    this.#owned = this.#owned.filter((partition) => !gone.has(keyOf(partition)))
    this.rebalances += 1
  }

  #join(round?: number): void {
    const { memberId, generation = -1 } = this.identity ?? {}
    this.#send({ memberId, generation, owned: this.#owned, round })
  }

  /** Says the same until it is heard, so that it is seen to be old if it was heard the first time. */
  #send(request: JoinRequest): void {
    if (this.isOver) return
    const { groupId } = this.options
    this.#ask('join', () => this.#cluster.group(groupId).join(this, request)).then(
      () => {
        this.#attempts = 0
      },
      (error: unknown) => {
        if (!(error instanceof KafkaError && error.kind === 'unavailable')) {
          this.#fail(error)
          return
        }
        this.#attempts += 1
        this.#onTrouble({ what: `join ${groupId}`, message: error.message, attempts: this.#attempts })
        this.#send(request)
      },
    )
  }

  /** At the broker. */
  #leave(): void {
    const group = this.#cluster.group(this.options.groupId)
    const member = group.memberOf(this)
    if (member === undefined) return
    if (this.options.instanceId === undefined) group.leave(member)
    else member.abandon()
  }

  #ask(operation: 'join' | 'leave', act: () => void): Promise<void> {
    return this.#connection.ask(this.#cluster.coordinatorOf(this.options.groupId), operation, act)
  }

  #fail(error: unknown): void {
    if (this.isOver) return
    this.abandon()
    this.options.listener.failed(error)
  }
}
