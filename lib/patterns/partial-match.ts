import type { Edge, State } from './automaton.ts'
import type { Negation, SoFar } from './stage.ts'
import { matchOf, type Step } from './step.ts'

/** The edges by which it may still go on, whether it is ending, has been a match, and has seen no event since the last. */
export type SavedProgress = readonly [number, boolean, boolean, boolean]

/** Events that may become a match, and the ways in which they still can. */
export class PartialMatch<V> {
  readonly last: Step<V>
  readonly state: State<V>
  /** It is a match if nothing comes that must not. */
  isEnding: boolean
  /** It has been a match, so that it is no loss if nothing more comes of it. */
  isMatched: boolean
  readonly #blank: SoFar
  /** The edges by which it may still go on, a bit each. */
  #open: number
  /** No event has come since the last. */
  #isFresh = true
  /** What the conditions of each edge get to see, made when the first asks for it. */
  #seen: (SoFar | undefined)[] | undefined

  /** @param progress of one that has been there before */
  constructor(last: Step<V>, state: State<V>, blank: SoFar, progress?: SavedProgress) {
    this.last = last
    this.state = state
    this.isEnding = state.ending !== undefined
    this.isMatched = state.isFinal
    this.#blank = blank
    this.#open = 2 ** state.edges.length - 1
    if (progress !== undefined) [this.#open, this.isEnding, this.isMatched, this.#isFresh] = progress
  }

  /** What has become of it since it took its last event. */
  get progress(): SavedProgress {
    return [this.#open, this.isEnding, this.isMatched, this.#isFresh]
  }

  /** There is something that it waits for. */
  get isAlive(): boolean {
    return this.#open !== 0 || this.isEnding
  }

  /** Looks at the next event. The edges that take it, a bit each; of the others, those that can't pass it over are gone. */
  offer(value: V): number {
    const { state } = this
    const isNext = this.#isFresh
    this.#isFresh = false
    if (this.#isHit(state.stops, value, isNext)) {
      this.#open = 0
      this.isEnding = false
      return 0
    }
    if (this.isEnding && state.ending !== undefined) this.isEnding = !this.#isHit(state.ending.negations, value, isNext)
    const { edges } = state
    let takes = 0
    let open = 0
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i]
      if (edge === undefined || (this.#open & (1 << i)) === 0 || this.#isHit(edge.negations, value, isNext)) continue
      const verdict = judge(edge, value, this.#soFar(i, edge.blank))
      if (verdict !== 'take') {
        if (verdict === 'pass') open |= 1 << i
        continue
      }
      takes |= 1 << i
      if (edge.contiguity === 'any') open |= 1 << i
      // What a greedy stage takes is for none behind it.
      if (edge.isGreedy) break
    }
    this.#open = open
    return takes
  }

  /** Asked after an event: it is a match now, because only the very next event could have spoiled it, and has not. */
  end(): boolean {
    if (!this.isEnding || this.state.ending?.isNext !== true) return false
    this.isEnding = false
    this.isMatched = true
    return true
  }

  #isHit(negations: readonly Negation<V>[], value: V, isNext: boolean): boolean {
    if (negations.length === 0) return false
    for (const negation of negations) {
      if (negation.isNext && !isNext) continue
      if (negation.where(value, this.#soFar(this.state.edges.length, this.#blank))) return true
    }
    return false
  }

  #soFar(place: number, blank: SoFar): SoFar {
    const seen = (this.#seen ??= [])
    return (seen[place] ??= matchOf(blank, this.last))
  }
}

/** The edges that take an event as the first of a match, a bit each. */
export function startsWith<V>({ edges }: State<V>, value: V): number {
  let takes = 0
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i]
    if (edge === undefined || judge(edge, value, edge.blank) !== 'take') continue
    takes |= 1 << i
    if (edge.isGreedy) break
  }
  return takes
}

/** Whether an edge takes an event; if not, whether it can pass it over and wait for the next. */
function judge<V>(edge: Edge<V>, value: V, soFar: SoFar): 'take' | 'pass' | 'end' {
  const { stage, contiguity, until, isLoop } = edge
  const fits = stage.where(value, soFar)
  const isOver = until !== undefined && (fits || isLoop) && until(value, soFar)
  if (fits && !isOver) return 'take'
  if (contiguity === 'strict' || (isLoop && isOver)) return 'end'
  return contiguity === 'any' || !fits ? 'pass' : 'end'
}
