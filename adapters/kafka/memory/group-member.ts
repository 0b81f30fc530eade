import type { Clock } from '../../../lib/clock.ts'
import type { MemberOptions, TopicPartition } from '../driver.ts'
import type { ClientProcess } from './client-process.ts'

/** What a group says to a member. */
export type GroupMessage =
  /** Join again: others have come or gone. */
  | { readonly kind: 'rebalance'; readonly round: number }
  /** All that the member has from now on. Where that is less than before it joins again, when it has given up the rest. */
  | {
      readonly kind: 'assigned'
      readonly memberId: string
      readonly generation: number
      readonly partitions: readonly TopicPartition[]
    }
  /** It has been left out, because it was silent for too long. */
  | { readonly kind: 'lost' }
  /** Another one has come with its instance id. */
  | { readonly kind: 'replaced' }

/** The end of a membership that is in the client. */
export interface MemberClient {
  readonly process: ClientProcess
  readonly options: MemberOptions
  /** It does not listen any more. */
  readonly isOver: boolean
  hear(message: GroupMessage): void
}

/** A member, as its group knows it. */
export class Member {
  readonly memberId: string
  readonly client: MemberClient
  generation = -1
  /** Has joined the round that is going on. */
  hasJoined = false
  /** What it may be at work on. */
  owned: readonly TopicPartition[] = []
  /** What it is to have in the end. */
  target: readonly TopicPartition[] = []
  /** What it was given last. */
  assigned: readonly TopicPartition[] = []
  /** Until it has said that it has given up something. */
  isRevoking = false
  readonly #clock: Clock
  readonly #sessionTimeout: number
  readonly #unwatch: () => void
  readonly #onLost: () => void
  #callOff: () => void = () => {}

  /**
   * @param sessionTimeout ms
   * @param onLost is called when it has been silent for so long
   */
  constructor(clock: Clock, memberId: string, client: MemberClient, sessionTimeout: number, onLost: () => void) {
    this.#clock = clock
    this.#sessionTimeout = sessionTimeout
    this.memberId = memberId
    this.client = client
    this.#onLost = onLost
    this.#unwatch = client.process.watch({ silent: () => this.#runOut(), awake: () => this.#callOff() })
    if (client.isOver || client.process.isSilent) this.#runOut()
  }

  /** It is never heard of again. */
  abandon(): void {
    this.#unwatch()
    this.#callOff()
    this.#runOut()
  }

  /** Nothing runs out any more. */
  dismiss(): void {
    this.#callOff()
    this.#unwatch()
  }

  #runOut(): void {
    this.#callOff = this.#clock.at(this.#clock.now() + this.#sessionTimeout, this.#onLost)
  }
}
