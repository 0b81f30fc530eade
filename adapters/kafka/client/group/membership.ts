import type { GroupMember, MemberIdentity } from '../../driver.ts'
import { explained } from './explained.ts'
import { codeOf, Gone, orGone } from './gone.ts'
import type { GroupContext, GroupProtocol } from './group-protocol.ts'
import { Holdings } from './holdings.ts'
import { Patience, waitAfter } from './patience.ts'
import { Session } from './session.ts'

/** How often a member tries to leave: who can't be told finds out when the session is over. */
const farewells = 3

/** A member of a group, by any protocol: joins, joins anew when it has been left out, and leaves. */
export class Membership implements GroupMember {
  readonly #context: GroupContext
  readonly #protocol: GroupProtocol
  readonly #holdings: Holdings
  readonly #patience: Patience
  readonly #life: Promise<void>
  #session: Session
  #isClosing = false
  #closed: Promise<void> | undefined

  constructor(context: GroupContext, protocol: GroupProtocol) {
    this.#context = context
    this.#protocol = protocol
    this.#holdings = new Holdings(context.options.listener)
    this.#patience = new Patience(context.options.groupId, context.onTrouble)
    this.#session = this.#newSession()
    this.#life = this.#live()
  }

  get identity(): MemberIdentity | undefined {
    const { groupId, instanceId } = this.#context.options
    const { isOver, standing } = this.#session
    return isOver || standing === undefined ? undefined : { groupId, instanceId, ...standing }
  }

  get rebalances(): number {
    return this.#holdings.changes
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#isClosing = true
    const session = this.#session
    this.#holdings.retire()
    try {
      await this.#holdings.revoke(this.#holdings.owned, session)
    } finally {
      const isMember = !session.isOver
      session.end(new Gone('closed'))
      await this.#life
      await this.#holdings.close()
      if (isMember) await this.#leave()
      this.#context.requests.hangUp()
    }
  }

  async #live(): Promise<void> {
    // Nobody hears of the member before it is made.
    await Promise.resolve()
    for (let failures = 0; !this.#isClosing; this.#session = this.#newSession()) {
      const error = await this.#stay(waitAfter(failures))
      if (this.#isClosing) return
      if (!(error instanceof Gone)) {
        await this.#fail(error)
        return
      }
      failures = this.#session.standing === undefined ? failures + 1 : 1
      this.#patience.tell('membership', error.message, failures)
    }
  }

  /** One session, and what it ended with. What the member had until then is lost. */
  async #stay(wait: number): Promise<unknown> {
    const session = this.#session
    const end = (error: unknown): void => session.end(orGone(error))
    const pause = wait === 0 ? Promise.resolve() : session.sleep(wait)
    await pause.then(() => this.#protocol.takePart(session, this.#holdings)).catch(end)
    this.#context.requests.hangUp()
    let reason: unknown = session.reason
    await this.#holdings.lose().catch((error: unknown) => {
      reason = error
    })
    return reason
  }

  async #fail(error: unknown): Promise<void> {
    // The process is about to end, or goes on without this cluster: nothing has failed.
    if (codeOf(error) === 'CLOSED') {
      await this.#holdings.close()
      return
    }
    await this.#leave()
    await this.#holdings.fail(explained(error, this.#context.options))
    this.#context.requests.hangUp()
  }

  async #leave(): Promise<void> {
    const farewell = new Session(this.#context.clock, Infinity)
    for (let attempts = 1; attempts <= farewells; attempts++) {
      try {
        await this.#protocol.leave()
        return
      } catch (error) {
        const isHopeless = await this.#patience.after('leave', farewell, error, attempts).then(
          () => false,
          () => true,
        )
        if (isHopeless) return
      }
    }
  }

  #newSession(): Session {
    return new Session(this.#context.clock, this.#context.options.sessionTimeout)
  }
}
