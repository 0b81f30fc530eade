import type { Condition, Contiguity, Negation, SoFar, Stage } from './stage.ts'

/** Where a partial match stands: which stage has taken the last event, and how many it has taken. */
export interface State<V> {
  /** The events so far are a match, whatever comes. */
  readonly isFinal: boolean
  /** The ways to go on, in the order in which they are preferred: to stay in the stage, to the next one, past that. */
  readonly edges: readonly Edge<V>[]
  /** What puts an end to it, by whichever edge it might go on. */
  readonly stops: readonly Negation<V>[]
  /** The events so far are a match unless something comes. */
  readonly ending: Ending<V> | undefined
}

/** What must not come behind the last event of a match. */
export interface Ending<V> {
  /** Beside what stops it in any case. */
  readonly negations: readonly Negation<V>[]
  /** Only the very next event counts. */
  readonly isNext: boolean
}

/** A way to go on: by an event that a stage takes. */
export interface Edge<V> {
  readonly stage: Stage<V>
  readonly to: State<V>
  readonly contiguity: Contiguity
  readonly until: Condition<V> | undefined
  /** It stays in its stage, so `until` ends it even with an event that is not for the stage. */
  readonly isLoop: boolean
  readonly isGreedy: boolean
  /** What must not come before. */
  readonly negations: readonly Negation<V>[]
  /** What a condition of this edge gets to see when there is nothing yet. */
  readonly blank: SoFar
}

/** A pattern, ready to be run. */
export interface Automaton<V> {
  readonly initial: State<V>
  readonly stages: readonly Stage<V>[]
  /** In an order that follows from the stages, so that a state can be named by its place. */
  readonly states: readonly State<V>[]
  /** A match with nothing in it. */
  readonly blank: SoFar
}

/** A state whose edges are still to come, as they lead to states and back. */
type Draft<V> = { -readonly [P in keyof State<V>]: State<V>[P] }

/** Makes the automaton of a sequence of stages. */
export function automatonOf<V>(stages: readonly Stage<V>[]): Automaton<V> {
  const entries: State<V>[] = []
  // From the last stage to the first, because each leads to those behind it.
  for (const [i, stage] of [...stages.entries()].reverse()) {
    entries[i] = entryOf(stage, waysOut(stages, i, entries), blankOf(stages, i))
  }
  const initial = stateOf(waysOut(stages, -1, entries), [])
  return { initial, stages, states: statesFrom(initial), blank: blankOf(stages) }
}

/** A state and all that it leads to. */
function statesFrom<V>(initial: State<V>): readonly State<V>[] {
  // Those that are added are looked at, too.
  const states = new Set([initial])
  for (const { edges } of states) for (const { to } of edges) states.add(to)
  return [...states]
}

/** The state when a stage has taken its first event. */
function entryOf<V>(stage: Stage<V>, out: WaysOut<V>, blank: SoFar): State<V> {
  const { loop, behind } = stage
  if (loop === undefined) return stateOf(out, behind)
  const { min, max, contiguity, until, isGreedy } = loop
  const again = (to: State<V>): Edge<V> => {
    return { stage, to, contiguity, until, isLoop: true, isGreedy, negations: [], blank }
  }
  // As long as there are too few, the last event is not the one that `notNext` is about.
  const inside = behind.filter(({ isNext }) => !isNext)
  // Without a bound, to have enough is all there is to know.
  const last = stateOf(out, behind)
  if (max === Infinity) last.edges = [again(last), ...out.edges]
  let entry = last
  for (let count = (max === Infinity ? min : max) - 1; count >= 1; count--) {
    const edges = [again(entry)]
    entry =
      count < min
        ? stateOf({ edges, isFinal: false, ending: undefined }, inside)
        : stateOf({ ...out, edges: [...edges, ...out.edges] }, behind)
  }
  return entry
}

type WaysOut<V> = Pick<State<V>, 'isFinal' | 'edges' | 'ending'>

/** How it may go on behind a stage, or from the start: to the next one, and past those that are optional. */
function waysOut<V>(stages: readonly Stage<V>[], from: number, entries: readonly State<V>[]): WaysOut<V> {
  const edges: Edge<V>[] = []
  // What is directly behind the stage stops all of it. Nobody asks what comes before the first event.
  const stops = stages[from]?.behind ?? []
  const negations: Negation<V>[] = []
  for (let i = from + 1; i < stages.length; i++) {
    const stage = stages[i]
    const to = entries[i]
    if (stage === undefined || to === undefined) break
    edges.push({
      stage,
      to,
      contiguity: stage.contiguity,
      until: stage.loop?.until,
      isLoop: false,
      isGreedy: stage.loop?.isGreedy === true,
      negations: [...negations],
      blank: blankOf(stages, i),
    })
    if (!stage.isOptional) return { edges, isFinal: false, ending: undefined }
    negations.push(...stage.behind)
  }
  if (from === -1) return { edges, isFinal: false, ending: undefined }
  const all = [...stops, ...negations]
  if (all.length === 0) return { edges, isFinal: true, ending: undefined }
  return { edges, isFinal: false, ending: { negations, isNext: all.every(({ isNext }) => isNext) } }
}

function stateOf<V>({ edges, isFinal, ending }: WaysOut<V>, stops: readonly Negation<V>[]): Draft<V> {
  return { isFinal, edges, stops, ending }
}

/**
 * What has matched before anything has: nothing for a single event, an empty list for a loop. Given a stage, with those up to
 * it, and what that has taken is a list, because its condition is asked for one more.
 */
function blankOf<V>(stages: readonly Stage<V>[], own = stages.length): SoFar {
  return Object.fromEntries(
    stages.slice(0, own + 1).map(({ name, loop }, i) => [name, loop === undefined && i !== own ? undefined : none]),
  )
}

const none: readonly never[] = []
