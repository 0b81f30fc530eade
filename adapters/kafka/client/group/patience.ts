import type { Trouble } from '../../driver.ts'
import { ClusterError } from '../cluster-error.ts'
import type { Session } from './session.ts'

/** ms. The first wait, and the longest. */
const first = 50
const longest = 2_000

/** Tries again what goes away by itself, as long as the session lasts, and tells of it. */
export class Patience {
  readonly #groupId: string
  readonly #onTrouble: (trouble: Trouble) => void

  constructor(groupId: string, onTrouble: (trouble: Trouble) => void) {
    this.#groupId = groupId
    this.#onTrouble = onTrouble
  }

  /** What `work` comes to in the end. */
  async through<Result>(what: string, session: Session, work: () => Promise<Result>): Promise<Result> {
    for (let attempts = 1; ; attempts++) {
      try {
        return await session.within(work())
      } catch (error) {
        await this.after(what, session, error, attempts)
      }
    }
  }

  /** Waits after a failed attempt; longer after each in a row. Throws what does not go away. */
  async after(what: string, session: Session, error: unknown, attempts: number): Promise<void> {
    if (session.isOver || !(error instanceof ClusterError && error.isRetriable)) throw error
    // The first may be nothing more than a coordinator that has moved.
    if (attempts > 1) this.tell(what, error.message, attempts)
    await session.sleep(waitAfter(attempts))
  }

  tell(what: string, message: string, attempts: number): void {
    this.#onTrouble({ what: `${what} of group ${this.#groupId}`, message, attempts })
  }
}

/** ms */
export function waitAfter(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(longest, first * 2 ** (attempts - 1))
}
