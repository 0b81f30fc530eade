import type { MemberOptions } from '../../driver.ts'
import { codeOf, Gone, orGone } from './gone.ts'
import type { GroupContext, GroupProtocol } from './group-protocol.ts'
import type { ConsumerAnswer, ConsumerHeartbeat, ConsumerSubscription } from './group-requests.ts'
import type { Holdings } from './holdings.ts'
import { inOrder, nameOf } from './partitions.ts'
import { Patience, waitAfter } from './patience.ts'
import { Reconciliation } from './reconciliation.ts'
import type { Session } from './session.ts'
import { Wish } from './wish.ts'

/** ms. How long a static member waits, at least, for the session of the one that had its instance id to end. */
const graceOfInstance = 60_000

/** Heartbeats that may go unanswered, at least, before the member counts itself out: the session timeout is known to the broker alone. */
const tolerance = 3

/** Epochs that say that a member leaves, for good or for the moment. */
const leaves = -1
const leavesForNow = -2

/**
 * The protocol in which the coordinator says in its answers to heartbeats what each member is to have. The member makes it so, and says in a
 * heartbeat what it has by now; others get what it gave up after that.
 *
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-848%3A+The+Next+Generation+of+the+Consumer+Rebalance+Protocol
 */
export class ConsumerProtocol implements GroupProtocol {
  readonly #context: GroupContext
  readonly #patience: Patience
  #memberId: string
  #epoch = 0

  constructor(context: GroupContext) {
    this.#context = context
    this.#patience = new Patience(context.options.groupId, context.onTrouble)
    this.#memberId = context.newId()
  }

  async takePart(session: Session, holdings: Holdings): Promise<never> {
    this.#epoch = 0
    const change = new Wish()
    const reconciliation = new Reconciliation(session, holdings, this.#context, change.make)
    // Whether the coordinator has to be told everything.
    let isFull = true
    // What it has been told that the member has, since it said what that is to be; so it hears of each thing it said that it is done.
    let told: string | undefined
    const startedAt = this.#context.clock.now()
    for (let failures = 0; ;) {
      change.take()
      const { owned } = holdings
      const has = inOrder(owned).map(nameOf).join()
      try {
        const answer = await this.#beat(session, {
          subscription: isFull ? subscriptionOf(this.#context.options) : undefined,
          owned: isFull || told !== has ? owned : undefined,
        })
        failures = 0
        isFull = false
        told = reconciliation.strive(answer.assignment) ? undefined : has
        await session.sleep(answer.heartbeatInterval, change.made())
      } catch (error) {
        isFull = true
        failures++
        if (this.#isTaken(error, startedAt)) await session.sleep(waitAfter(failures))
        else await this.#patience.after('heartbeat', session, this.#orGone(error), failures)
      }
    }
  }

  async leave(): Promise<void> {
    if (this.#epoch <= 0) return
    const { instanceId } = this.#context.options
    const epoch = instanceId === undefined ? leaves : leavesForNow
    await this.#context.requests.consumerHeartbeat({ memberId: this.#memberId, epoch, instanceId })
  }

  async #beat(session: Session, news: Pick<ConsumerHeartbeat, 'subscription' | 'owned'>): Promise<ConsumerAnswer> {
    const { requests, options, clock } = this.#context
    const sentAt = clock.now()
    const { instanceId } = options
    const who = { memberId: this.#memberId, epoch: this.#epoch, instanceId }
    const answer = await session.within(requests.consumerHeartbeat({ ...who, ...news }))
    session.tolerate(tolerance * answer.heartbeatInterval)
    session.beat(sentAt)
    this.#memberId = answer.memberId
    this.#epoch = answer.epoch
    session.standing = { memberId: answer.memberId, generation: answer.epoch }
    return answer
  }

  /** A group that was there and is not any more has lost its members, and takes them again. */
  #orGone(error: unknown): unknown {
    const isGroupGone = codeOf(error) === 'GROUP_ID_NOT_FOUND' && this.#epoch > 0
    return isGroupGone ? new Gone('the group is gone', { cause: error }) : orGone(error)
  }

  /**
   * A member that was killed could not say that it would be back, so the coordinator keeps its instance id until its session is over. Told, and
   * no reason to give up before that.
   */
  #isTaken(error: unknown, since: number): boolean {
    if (codeOf(error) !== 'UNRELEASED_INSTANCE_ID') return false
    const { options, clock } = this.#context
    const waited = clock.now() - since
    if (waited > Math.max(graceOfInstance, 2 * options.sessionTimeout)) return false
    this.#patience.tell('join', `the instance id '${options.instanceId ?? ''}' is in use`, 1)
    return true
  }
}

/** All that the coordinator has to know. Its assignor is the one of the first member, unless another one has most votes. */
function subscriptionOf({ topics, rebalanceTimeout, keepsTogether }: MemberOptions): ConsumerSubscription {
  return { topics, rebalanceTimeout, assignor: keepsTogether ? 'range' : 'uniform' }
}
