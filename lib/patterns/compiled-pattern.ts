import { show, TidemarkError } from '../errors.ts'
import type { Automaton } from './automaton.ts'
import type { Pattern } from './pattern.ts'

/** A pattern with what it takes to match it. */
export class CompiledPattern<V> implements Pattern<V, object> {
  readonly stages: readonly string[]
  readonly within: number
  readonly automaton: Automaton<V>

  constructor(stages: readonly string[], within: number, automaton: Automaton<V>) {
    this.stages = stages
    this.within = within
    this.automaton = automaton
  }
}

/**
 * What it takes to match a pattern.
 *
 * @throws TidemarkError `invalid-argument` for what `within` has not completed
 */
export function compiled<T>(pattern: Pattern<T, object>, who: string): CompiledPattern<T> {
  if (pattern instanceof CompiledPattern) return pattern as CompiledPattern<T>
  throw new TidemarkError(
    'invalid-argument',
    `${who}: expected a pattern that 'within' has completed, got ${show(pattern)}`,
  )
}
