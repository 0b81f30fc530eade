import { show, TidemarkError } from './errors.ts'

/** Refuses an option that is none of those there are. `who` is the operator and the option: `tableJoin: kind`. */
export function oneOf<V extends string>(who: string, value: V, values: readonly string[]): V {
  if (values.includes(value)) return value
  const expected = values.map((each) => show(each)).join(', ')
  throw new TidemarkError('invalid-argument', `${who} must be one of ${expected}, got ${show(value)}`)
}
