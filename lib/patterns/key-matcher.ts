import type { KeyedCell } from '../checkpoint/saved-map.ts'
import type { Automaton, State } from './automaton.ts'
import { PartialMatch } from './partial-match.ts'
import { Run, type RunLine } from './run.ts'
import type { SkipBound } from './skip.ts'
import type { Step, Taken } from './step.ts'

/** What all keys have in common. */
export interface Matching<V, K> {
  readonly automaton: Automaton<V>
  readonly skip: SkipBound | undefined
  /** The runs of all keys. */
  readonly line: RunLine<V, KeyMatcher<V, K>>
  /** A match has come out, at the given time. */
  onMatch(key: K, last: Step<V>, time: number): void
  /** A partial match has run out of time. */
  onTimeout(key: K, last: Step<V>, time: number): void
  /** A run is over. */
  onEnd(taken: readonly Taken<V>[]): void
}

/** Matches the events of one key, which it is given in the order of their times. */
export class KeyMatcher<V, K> implements KeyedCell<K> {
  readonly key: K
  isChanged = false
  /** Partial matches, and matches that may still be skipped. */
  size = 0
  readonly #matching: Matching<V, K>
  /** From the oldest on. */
  #runs: Run<V, KeyMatcher<V, K>>[] = []
  /** Some of them have nothing any more. */
  #hasEmpty = false

  constructor(key: K, matching: Matching<V, K>) {
    this.key = key
    this.#matching = matching
  }

  /** From the oldest on. */
  get runs(): readonly Run<V, KeyMatcher<V, K>>[] {
    return this.#runs
  }

  /** Takes the next run back. */
  restore(run: Run<V, KeyMatcher<V, K>>): void {
    this.#runs.push(run)
    this.size += run.size
  }

  /**
   * Takes the next event.
   *
   * @param number greater than that of the event before
   * @param starts the edges that take it as the first of a match, a bit each
   * @returns whether any has taken it
   */
  onEvent(value: V, number: number, time: number, starts: number): boolean {
    const taken: Taken<V> = { value, time, number, users: 0 }
    for (const run of this.#runs) this.#offer(run, taken)
    if (starts !== 0) this.#start(taken, starts)
    const isTaken = taken.users > 0
    this.#release(time)
    return isTaken
  }

  /** The time of its oldest run is over; `time` is the last moment that was in it. */
  expire(time: number): void {
    const [run] = this.#runs
    if (run === undefined) return
    const { partials } = run
    run.partials = []
    this.size -= partials.length
    for (const { isEnding, isMatched, last } of partials) {
      if (isEnding) this.#complete(run, last, time)
      else if (!isMatched) this.#matching.onTimeout(this.key, last, time)
    }
    this.#hasEmpty = true
    this.#release(time)
  }

  #start(taken: Taken<V>, starts: number): void {
    const run = new Run<V, KeyMatcher<V, K>>(taken, this, [])
    const { initial } = this.#matching.automaton
    const partials: PartialMatch<V>[] = []
    this.#go(run, undefined, initial, starts, taken, partials)
    run.partials = partials
    this.size += partials.length
    if (run.size === 0) this.#hasEmpty = true
    this.#runs.push(run)
    this.#matching.line.add(run)
  }

  /** Shows an event to the partial matches of a run. Each is followed by what grows out of it in front. */
  #offer(run: Run<V, KeyMatcher<V, K>>, taken: Taken<V>): void {
    const before = run.partials
    let after: PartialMatch<V>[] | undefined
    for (let i = 0; i < before.length; i++) {
      const partial = before[i]
      if (partial === undefined) break
      const takes = partial.offer(taken.value)
      const isMatch = partial.end()
      const { isAlive } = partial
      if (takes !== 0 || !isAlive) after ??= before.slice(0, i)
      if (takes !== 0 && after !== undefined) this.#go(run, partial.last, partial.state, takes, taken, after)
      if (isMatch) this.#complete(run, partial.last, taken.time)
      if (isAlive) after?.push(partial)
    }
    if (after === undefined) return
    this.size += after.length - before.length
    run.partials = after
    if (run.size === 0) this.#hasEmpty = true
  }

  /** Goes along the edges that take an event. */
  #go(
    run: Run<V, KeyMatcher<V, K>>,
    previous: Step<V> | undefined,
    { edges }: State<V>,
    takes: number,
    taken: Taken<V>,
    into: PartialMatch<V>[],
  ): void {
    run.use(taken)
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i]
      if (edge === undefined || (takes & (1 << i)) === 0) continue
      const last: Step<V> = { stage: edge.stage, taken, previous }
      const { isFinal, edges: out, ending } = edge.to
      if (isFinal) this.#complete(run, last, taken.time)
      if (out.length > 0 || ending !== undefined)
        into.push(new PartialMatch(last, edge.to, this.#matching.automaton.blank))
    }
  }

  #complete(run: Run<V, KeyMatcher<V, K>>, last: Step<V>, time: number): void {
    const { skip } = this.#matching
    if (skip === undefined) {
      this.#matching.onMatch(this.key, last, time)
      return
    }
    run.matches.push(last)
    this.size += 1
  }

  /** Lets go of runs that are over, and of matches that nothing can skip any more. */
  #release(time: number): void {
    const { skip } = this.#matching
    if (skip !== undefined) this.#skip(skip, time)
    if (!this.#hasEmpty) return
    this.#hasEmpty = false
    for (const run of this.#runs) if (run.size === 0) this.#end(run)
    this.#runs = this.#runs.filter(({ size }) => size > 0)
  }

  /** Only the matches of the oldest run are certain, because it may yet have one that skips others. */
  #skip(skip: SkipBound, time: number): void {
    for (;;) {
      const [run] = this.#runs
      const match = run?.matches.shift()
      if (run === undefined) return
      if (match === undefined) {
        if (run.partials.length > 0) return
        this.#drop(1)
        continue
      }
      this.size -= 1
      this.#matching.onMatch(this.key, match, time)
      const bound = skip(match)
      const first = this.#runs.findIndex(({ start }) => start.number >= bound)
      this.#drop(first === -1 ? this.#runs.length : first)
    }
  }

  /** Lets go of the oldest runs. */
  #drop(count: number): void {
    for (const run of this.#runs.splice(0, count)) this.#end(run)
  }

  #end(run: Run<V, KeyMatcher<V, K>>): void {
    this.size -= run.size
    this.#matching.line.remove(run)
    this.#matching.onEnd(run.taken)
  }
}
