import type { MemberOptions, TopicPartition } from '../../driver.ts'
import { ClusterError } from '../cluster-error.ts'
import { decodeAssignment } from './assignment.ts'
import { codeOf } from './gone.ts'
import type { GroupContext, GroupProtocol } from './group-protocol.ts'
import type { ClassicMember, Joined } from './group-requests.ts'
import { type Heart, keepBeating } from './heartbeats.ts'
import type { Holdings } from './holdings.ts'
import { Leadership } from './leadership.ts'
import { without } from './partitions.ts'
import { Patience } from './patience.ts'
import type { Session } from './session.ts'
import { encodeSubscription } from './subscription.ts'
import { Wish } from './wish.ts'

/**
 * The protocol in which members give out the partitions among themselves: all join, the coordinator makes one of them the leader, and that one
 * says who gets what. In its eager form (`classic`) everyone has given up everything before it joins. In its cooperative form everyone
 * keeps what it has, gives up what it is not given again, and then joins once more, so that others can have that.
 *
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-429%3A+Kafka+Consumer+Incremental+Rebalance+Protocol
 */
export class ClassicProtocol implements GroupProtocol, Heart {
  readonly #context: GroupContext
  readonly #patience: Patience
  readonly #protocol: string
  readonly #isEager: boolean
  /** Kept over sessions: without it the coordinator would wait for the member that was, until its session is over. */
  #memberId = ''
  /** The last one that the member has joined; -1 before it has. */
  #generation = -1
  #isJoining = false

  constructor(context: GroupContext) {
    this.#context = context
    this.#patience = new Patience(context.options.groupId, context.onTrouble)
    this.#protocol = protocolName(context.options)
    this.#isEager = context.options.protocol === 'classic'
  }

  get member(): ClassicMember {
    return {
      memberId: this.#memberId,
      generation: this.#generation,
      instanceId: this.#context.options.instanceId,
    }
  }

  get isJoining(): boolean {
    return this.#isJoining
  }

  async takePart(session: Session, holdings: Holdings): Promise<never> {
    this.#generation = -1
    const rejoin = new Wish()
    const leadership = new Leadership(this.#context, this.#isEager, this.#patience)
    try {
      for (let isFirst = true; ; isFirst = false) {
        if (this.#isEager) await session.within(holdings.revoke(holdings.owned, session))
        rejoin.take()
        this.#isJoining = true
        const joined = await this.#join(session, holdings)
        if (isFirst) this.#begin(session, rejoin, leadership)
        const given = await this.#sync(session, joined, leadership)
        this.#isJoining = false
        if (given === undefined) continue
        await this.#take(given, session, holdings, rejoin)
        await session.within(rejoin.made())
      }
    } catch (error) {
      if (codeOf(error) === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
      throw error
    } finally {
      this.#isJoining = false
    }
  }

  async leave(): Promise<void> {
    const { memberId, instanceId } = this.member
    if (memberId !== '' && instanceId === undefined) await this.#context.requests.leave({ memberId, instanceId })
  }

  async #join(session: Session, holdings: Holdings): Promise<Joined> {
    const { requests, options, clock } = this.#context
    const joined = await this.#patience.through('join', session, async () => {
      const { topics, sessionTimeout, rebalanceTimeout } = options
      const { generation, memberId, instanceId } = this.member
      const subscription = encodeSubscription({ topics, owned: holdings.owned, generation })
      const timeouts = { sessionTimeout, rebalanceTimeout }
      const request = { memberId, instanceId, ...timeouts, protocol: this.#protocol, subscription }
      try {
        return await requests.join(request)
      } catch (error) {
        const given = idGivenBy(error)
        if (given === undefined) throw error
        this.#memberId = given
        return await requests.join({ ...request, memberId: given })
      }
    })
    this.#memberId = joined.memberId
    this.#generation = joined.generation
    session.beat(clock.now())
    // Not only when the leader has said who gets what: the coordinator takes no older generation from now on, and what the member has kept
    // it still has.
    const { memberId, generation } = joined
    session.standing = { memberId, generation }
    return joined
  }

  /** What goes on beside joining for as long as the session lasts. */
  #begin(session: Session, rejoin: Wish, leadership: Leadership): void {
    const { requests, options, clock } = this.#context
    const { sessionTimeout } = options
    const end = (error: unknown): void => session.end(error)
    keepBeating(session, requests, this, { clock, sessionTimeout, rejoin, patience: this.#patience }).catch(end)
    leadership.watchTopics(session, rejoin).catch(end)
  }

  /** What the member has been given; undefined when there is another rebalance before it has come to that. */
  async #sync(
    session: Session,
    joined: Joined,
    leadership: Leadership,
  ): Promise<readonly TopicPartition[] | undefined> {
    const { requests, clock } = this.#context
    const assignments = await leadership.assignmentsOf(joined, session)
    try {
      return await this.#patience.through('sync', session, async () => {
        const sentAt = clock.now()
        const answer = await requests.sync({ ...this.member, protocol: this.#protocol, assignments })
        session.beat(sentAt)
        const assignment = decodeAssignment(answer)
        leadership.recall(assignment)
        return assignment.partitions
      })
    } catch (error) {
      if (codeOf(error) === 'REBALANCE_IN_PROGRESS' && !session.isOver) return undefined
      throw error
    }
  }

  /** Gives up first: what comes may take long to take up, and others wait for what goes. */
  async #take(given: readonly TopicPartition[], session: Session, holdings: Holdings, rejoin: Wish): Promise<void> {
    const leaving = without(holdings.owned, given)
    await session.within(holdings.revoke(leaving, session))
    holdings.assign(without(given, holdings.owned), session).catch((error: unknown) => session.end(error))
    if (leaving.length > 0) rejoin.make()
  }
}

/** The coordinator has thought of an id for the member, which is to join with it. */
function idGivenBy(error: unknown): string | undefined {
  if (!(error instanceof ClusterError) || error.code !== 'MEMBER_ID_REQUIRED') return undefined
  return (error.response as { readonly memberId: string }).memberId
}

/**
 * The name of the assignor, which all members must have in common. Members of other clients can join where what they do is compatible; where
 * it is not, because partitions with the same number would not stay together, the name is one that they do not know.
 */
function protocolName({ protocol, keepsTogether }: MemberOptions): string {
  if (protocol === 'classic') return keepsTogether ? 'range' : 'roundrobin'
  return keepsTogether ? 'tidemark-tasks' : 'cooperative-sticky'
}
