import type { Clock } from '../../../../lib/clock.ts'
import { codeOf, orGone } from './gone.ts'
import type { ClassicMember, GroupRequests } from './group-requests.ts'
import type { Patience } from './patience.ts'
import type { Session } from './session.ts'
import type { Wish } from './wish.ts'

/** ms. No longer than this between two, so that members hear of a rebalance soon. */
const longestInterval = 3_000

/** Who a member of the classic protocol is at the moment. */
export interface Heart {
  readonly member: ClassicMember
  /** It has asked to join and has no assignment yet: it knows that there is a rebalance. */
  readonly isJoining: boolean
}

/**
 * Tells the coordinator again and again that the member is there, until the session is over: because the coordinator says so, or has not
 * answered for too long. Makes a wish to join again when it says that there is a rebalance.
 */
export async function keepBeating(
  session: Session,
  requests: GroupRequests,
  heart: Heart,
  { clock, sessionTimeout, rejoin, patience }: BeatOptions,
): Promise<void> {
  const interval = Math.min(longestInterval, Math.ceil(sessionTimeout / 4))
  for (let failures = 0; ;) {
    if (failures === 0) await session.sleep(interval)
    const { member, isJoining } = heart
    const sentAt = clock.now()
    try {
      await session.within(requests.heartbeat(member))
      session.beat(sentAt)
      failures = 0
    } catch (error) {
      const isCurrent = !isJoining && !heart.isJoining && heart.member.generation === member.generation
      if (session.isOver) throw error
      if (codeOf(error) === 'REBALANCE_IN_PROGRESS') {
        session.beat(sentAt)
        failures = 0
        if (isCurrent) rejoin.make()
      } else if (codeOf(error) === 'ILLEGAL_GENERATION' && !isCurrent) {
        // A new generation has begun while it was on its way, and the member is about to hear of it.
        failures = 0
      } else {
        failures++
        await patience.after('heartbeat', session, orGone(error), failures)
      }
    }
  }
}

export interface BeatOptions {
  readonly clock: Clock
  /** ms */
  readonly sessionTimeout: number
  readonly rejoin: Wish
  readonly patience: Patience
}
