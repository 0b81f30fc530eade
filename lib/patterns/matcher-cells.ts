import { TidemarkError } from '../errors.ts'
import type { Automaton } from './automaton.ts'
import type { KeyMatcher } from './key-matcher.ts'
import { PartialMatch, type SavedProgress } from './partial-match.ts'
import { Run } from './run.ts'
import type { Step, Taken } from './step.ts'

/** Value, time and number. */
type SavedTaken<V> = readonly [V, number, number]

/** By index: the stage, the event, and the step before, which is none for the first. */
type SavedStep = readonly [number, number, number?]

/** By index: the last step, and the state. */
type SavedPartial = readonly [number, number, SavedProgress]

/** By index: the events that it has taken, partial matches, and the last steps of its matches. */
type SavedRun = readonly [readonly number[], readonly SavedPartial[], readonly number[]]

/** Events and steps stand in it once, however many partial matches share them. */
export type SavedMatcher<V> = readonly [readonly SavedTaken<V>[], readonly SavedStep[], readonly SavedRun[]]

/** What a key has, in plain data. */
export function saveMatcher<V, K>({ stages, states }: Automaton<V>, { runs }: KeyMatcher<V, K>): SavedMatcher<V> {
  const taken = new Map<Taken<V>, number>()
  const steps = new Map<Step<V>, number>()
  const numberOf = (last: Step<V>): number => {
    const fresh: Step<V>[] = []
    for (let step: Step<V> | undefined = last; step !== undefined && !steps.has(step); step = step.previous) {
      fresh.push(step)
    }
    for (const step of fresh.reverse()) steps.set(step, steps.size)
    return indexOf(steps, last)
  }
  const savedRuns = runs.map((run): SavedRun => {
    for (const each of run.taken) if (!taken.has(each)) taken.set(each, taken.size)
    return [
      run.taken.map((each) => indexOf(taken, each)),
      run.partials.map((partial) => [numberOf(partial.last), states.indexOf(partial.state), partial.progress]),
      run.matches.map(numberOf),
    ]
  })
  return [
    Array.from(taken.keys(), ({ value, time, number }) => [value, time, number]),
    Array.from(steps.keys(), ({ stage, taken: event, previous }): SavedStep => {
      const of = [stages.indexOf(stage), indexOf(taken, event)] as const
      return previous === undefined ? of : [...of, indexOf(steps, previous)]
    }),
    savedRuns,
  ]
}

/**
 * Gives a key what it had.
 *
 * @returns the events that its partial matches have taken
 */
export function loadMatcher<V, K>(
  { stages, states, blank }: Automaton<V>,
  matcher: KeyMatcher<V, K>,
  [events, savedSteps, runs]: SavedMatcher<V>,
): readonly Taken<V>[] {
  const taken = events.map(([value, time, number]): Taken<V> => ({ value, time, number, users: 0 }))
  const steps: Step<V>[] = []
  for (const [stage, event, previous] of savedSteps) {
    steps.push({
      stage: at(stages, stage),
      taken: at(taken, event),
      previous: previous === undefined ? undefined : at(steps, previous),
    })
  }
  for (const [uses, partials, matches] of runs) {
    const run = new Run<V, KeyMatcher<V, K>>(
      // The first event that it has taken is the one that it begins with.
      at(taken, uses[0]),
      matcher,
      partials.map(([last, state, progress]) => new PartialMatch(at(steps, last), at(states, state), blank, progress)),
    )
    for (const use of uses) run.use(at(taken, use))
    for (const match of matches) run.matches.push(at(steps, match))
    matcher.restore(run)
  }
  return taken
}

function indexOf<T>(numbers: ReadonlyMap<T, number>, of: T): number {
  return numbers.get(of) ?? -1
}

function at<T>(list: readonly T[], index: number | undefined): T {
  const found = index === undefined ? undefined : list[index]
  if (found !== undefined) return found
  throw new TidemarkError('checkpoint', 'detect: expected the state of this pattern, got that of another one')
}
