import type { MergeableAggregate } from './mergeable-aggregate.ts'
import { show, TidemarkError } from '../errors.ts'
import { selector } from './selector.ts'

/** What `<` puts in order: numbers, texts by UTF-16 code unit, bigints. All values of an aggregate must be of one kind. */
export type Comparable = number | string | bigint

/** The best value so far, `undefined` before the first. */
export type Extreme = Comparable | undefined

/** The aggregate behind `min` and `max`: keeps a value until one comes that is better. */
export function extreme(
  name: string,
  of: ((value: Comparable) => Comparable) | undefined,
  isBetter: (value: Comparable, than: Comparable) => boolean,
): MergeableAggregate<Comparable, Extreme, Extreme> {
  const valueOf = selector(name, of)

  function better(value: Comparable, than: Extreme): Comparable {
    if (than === undefined) return value
    // Across kinds `<` is no order, and what came first would win.
    if (typeof value !== typeof than) {
      throw new TidemarkError(
        'invalid-argument',
        `${name}: expected values of one kind, got ${show(value)} beside ${show(than)}`,
      )
    }
    return isBetter(value, than) ? value : than
  }

  return {
    name,
    create: () => undefined,
    add: (best, value) => better(comparable(valueOf(value), name), best),
    merge: (into, from) => (from === undefined ? into : better(from, into)),
    result: (best) => best,
  }
}

/**
 * Lets pass what `<` puts in order; of the two zeros, which are equal, only 0.
 *
 * @throws TidemarkError `invalid-argument` for anything else
 */
export function comparable(value: unknown, who: string): Comparable {
  if (typeof value === 'string' || typeof value === 'bigint') return value
  if (typeof value === 'number' && !Number.isNaN(value)) return value === 0 ? 0 : value
  throw new TidemarkError('invalid-argument', `${who}: expected a number, a text or a bigint, got ${show(value)}`)
}
