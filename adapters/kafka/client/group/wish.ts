import { Bell } from '../../../line/bell.ts'

/** That something be done soon. Remembered until it is taken, however often it was made. */
export class Wish {
  readonly #bell = new Bell()
  #isMade = false

  /** Bound, so that it can be handed on. */
  readonly make = (): void => {
    this.#isMade = true
    this.#bell.ring()
  }

  /** It is taken care of. */
  take(): void {
    this.#isMade = false
  }

  /** Resolves when there is one. One waits at a time. */
  made(): Promise<void> {
    return this.#isMade ? Promise.resolve() : this.#bell.rung()
  }
}
