import type { SoFar, Stage } from './stage.ts'

/** An event that a partial match has taken. All that take it share it. */
export interface Taken<V> {
  readonly value: V
  /** Event time, epoch ms. */
  readonly time: number
  /** In the order in which events are matched. */
  readonly number: number
  /** Starts whose partial matches have taken it. */
  users: number
}

/** The last event of a partial match, and the ones before it, which it shares with others that begin in the same way. */
export interface Step<V> {
  readonly stage: Stage<V>
  readonly taken: Taken<V>
  readonly previous: Step<V> | undefined
}

/** Writes the events of a match into a blank, by the names of their stages. */
export function matchOf<V>(blank: SoFar, last: Step<V>): SoFar {
  const match: Record<string, unknown> = { ...blank }
  for (const { stage, taken } of stepsTo(last)) {
    const { name, loop } = stage
    const so = match[name]
    if (loop === undefined) match[name] = taken.value
    else if (so === blank[name] || !Array.isArray(so)) match[name] = [taken.value]
    else so.push(taken.value)
  }
  return match
}

/** The steps from the first to the last. */
export function stepsTo<V>(last: Step<V>): readonly Step<V>[] {
  const steps: Step<V>[] = []
  for (let step: Step<V> | undefined = last; step !== undefined; step = step.previous) steps.push(step)
  return steps.reverse()
}
