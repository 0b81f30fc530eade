import type { Trial } from './trial.ts'

/** A bound is good enough when it leaves one event in so many late at most, and the next would save less than one in so many. */
const tolerated = 100
export const worthwhile = 1_000

/** Chooses a bound. More than it is asked for costs delay and state, and would save little. */
export function recommended(trials: readonly Trial[], events: number): Trial | undefined {
  return (
    trials.find(({ late }, i) => {
      const next = trials[i + 1]?.late ?? 0
      return late * tolerated <= events && (late - next) * worthwhile < events
    }) ?? trials.at(-1)
  )
}
