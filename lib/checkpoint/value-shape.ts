import { show, TidemarkError } from '../errors.ts'
import type { StateShape } from './state-shape.ts'
import type { VersionedState } from './versioned-state.ts'

/** The shape of values that are of one kind: their version. */
export class ValueShape<S> implements StateShape {
  readonly layout: number
  readonly #migrate: ((state: unknown, version: number) => S) | undefined
  /** The version of what is loaded, if it is another one. */
  #from: number | undefined

  constructor({ version = 1, migrate }: VersionedState<S>) {
    this.layout = version
    // A method of an aggregate may use `this`.
    this.#migrate = migrate
  }

  adapt(layout: unknown): void {
    const version = layout as number
    if (version === this.layout) return
    if (version > this.layout) {
      throw new TidemarkError(
        'checkpoint',
        `expected state of version ${this.layout} at most, got ${show(version)}, which a later program has written`,
      )
    }
    if (this.#migrate === undefined) {
      throw new TidemarkError(
        'checkpoint',
        `expected state of version ${this.layout}, got ${show(version)}, and no 'migrate' that makes it so`,
      )
    }
    this.#from = version
  }

  /** What was saved, as it looks now. */
  restore(saved: unknown): S {
    return this.#from === undefined || this.#migrate === undefined ? (saved as S) : this.#migrate(saved, this.#from)
  }
}
