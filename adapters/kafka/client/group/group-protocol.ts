import type { Clock } from '../../../../lib/clock.ts'
import type { MemberOptions, Trouble } from '../../driver.ts'
import type { GroupRequests } from './group-requests.ts'
import type { Holdings } from './holdings.ts'
import type { Session } from './session.ts'

/** What a member works with. */
export interface GroupContext {
  readonly options: MemberOptions
  readonly requests: GroupRequests
  readonly clock: Clock
  readonly onTrouble: (trouble: Trouble) => void
  /** Makes an id that nobody else has. */
  readonly newId: () => string
}

/** How members of a group come to terms about who has what. */
export interface GroupProtocol {
  /**
   * Joins, and is a member until that is over. Says in the session who the member is. Never resolves; rejects with the reason. `Gone` says that it is worth to join anew, with a
   * session of its own, and nothing in hand.
   */
  takePart(session: Session, holdings: Holdings): Promise<never>
  /** Tells the coordinator that the member has nothing any more. */
  leave(): Promise<void>
}
