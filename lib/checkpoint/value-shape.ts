import { show, TidemarkError } from '../errors.ts'
import type { StateShape } from './state-shape.ts'
import type { VersionedState } from './versioned-state.ts'

/** What kind of state it is, and its version. */
type Layout = readonly [kind: string, version: number]

/** The shape of values of a kind, of which users change the version. */
export class ValueShape<S> implements StateShape {
  readonly layout: Layout
  readonly #migrate: VersionedState<S>['migrate']
  /** The version of what is loaded, if it is another one. */
  #from: number | undefined

  constructor(kind: string, { version = 1, migrate }: VersionedState<S>) {
    this.layout = [kind, version]
    this.#migrate = migrate
  }

  adapt(layout: unknown): void {
    const [kind, version] = this.layout
    const [foundKind, found] = layout as Layout
    if (foundKind !== kind) throw refusal(`state of ${show(kind)}`, `that of ${show(foundKind)}`)
    if (found === version) return
    if (found > version) {
      throw refusal(`state of version ${version} at most`, `version ${found}, which a later program has written`)
    }
    if (this.#migrate === undefined) {
      throw refusal(`state of version ${version}`, `version ${found}, and no 'migrate' to make it so`)
    }
    this.#from = found
  }

  /** What was saved, as it looks now. */
  restore(saved: unknown): S {
    return this.#from === undefined || this.#migrate === undefined ? (saved as S) : this.#migrate(saved, this.#from)
  }
}

function refusal(expected: string, got: string): TidemarkError {
  return new TidemarkError('checkpoint', `expected ${expected}, got ${got}`)
}
