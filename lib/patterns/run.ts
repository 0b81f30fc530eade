import type { PartialMatch } from './partial-match.ts'
import type { Step, Taken } from './step.ts'

/** All partial matches that begin with one event. They run out of time together. */
export class Run<V, O> {
  readonly start: Taken<V>
  /** Whose matches they are. */
  readonly owner: O
  /** In the order in which their matches come. */
  partials: readonly PartialMatch<V>[]
  /** Matches that may still be skipped, because of one that begins earlier. */
  readonly matches: Step<V>[] = []
  /** Events that some of them have taken. */
  readonly taken: Taken<V>[] = []
  older: Run<V, O> | undefined
  newer: Run<V, O> | undefined

  constructor(start: Taken<V>, owner: O, partials: readonly PartialMatch<V>[]) {
    this.start = start
    this.owner = owner
    this.partials = partials
  }

  get size(): number {
    return this.partials.length + this.matches.length
  }

  /** Notes an event that a partial match of it has taken. */
  use(taken: Taken<V>): void {
    if (this.taken.at(-1) === taken) return
    this.taken.push(taken)
    taken.users += 1
  }
}

/** The runs of all keys, from the oldest on. Each can be taken out at once. */
export class RunLine<V, O> {
  oldest: Run<V, O> | undefined
  #newest: Run<V, O> | undefined

  add(run: Run<V, O>): void {
    run.older = this.#newest
    if (this.#newest === undefined) this.oldest = run
    else this.#newest.newer = run
    this.#newest = run
  }

  remove(run: Run<V, O>): void {
    const { older, newer } = run
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    run.older = undefined
    run.newer = undefined
  }
}
