import { show, TidemarkError } from '../errors.ts'
import { type Step, stepsTo } from './step.ts'

/** Where the next match may begin when one has left. */
export type Skip<N extends string = string> =
  'none' | 'to-next' | 'past-last' | { readonly toFirst: N } | { readonly toLast: N }

/** The number of the event before which nothing may begin any more; -Infinity if a match skips nothing. */
export type SkipBound = <V>(last: Step<V>) => number

/**
 * Makes the bound of a match of a skip strategy; `undefined` for the one that skips nothing.
 *
 * @throws TidemarkError `invalid-argument` for none of them, or one with a name that no stage has
 */
export function skipBound(skip: Skip, names: readonly string[]): SkipBound | undefined {
  if (skip === 'none') return undefined
  if (skip === 'to-next') return (last) => (stepsTo(last)[0]?.taken.number ?? -Infinity) + 1
  if (skip === 'past-last') return (last) => last.taken.number + 1
  if (typeof skip !== 'object' || skip === null) {
    throw new TidemarkError(
      'invalid-argument',
      `detect: skip must be 'none', 'to-next', 'past-last', { toFirst } or { toLast }, got ${show(skip)}`,
    )
  }
  const isFirst = 'toFirst' in skip
  const name = isFirst ? skip.toFirst : skip.toLast
  if (!names.includes(name)) {
    const known = names.map((each) => show(each)).join(', ')
    throw new TidemarkError('invalid-argument', `detect: skip: expected one of the stages ${known}, got ${show(name)}`)
  }
  return (last) => {
    const steps = stepsTo(last).filter(({ stage }) => stage.name === name)
    // Where the stage was left out, nothing is skipped.
    return steps.at(isFirst ? 0 : -1)?.taken.number ?? -Infinity
  }
}
