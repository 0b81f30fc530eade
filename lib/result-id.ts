import { show, TidemarkError } from './errors.ts'
import type { PaneInfo } from './window.ts'

/** What a result is found by: an event, or what `changes` makes of it. */
export interface Identified<P extends PaneInfo | undefined = PaneInfo | undefined> {
  readonly key: unknown
  readonly pane: P
}

/** The same, as what `panes` makes of an event. */
export interface IdentifiedPane extends PaneInfo {
  readonly key: unknown
}

/**
 * Makes the id of a result, the same text in every run: of what gives it, its key, and the span of its window where it has one. To be the
 * primary key of a table in which each result overwrites the one before, so that one that comes a second time after a crash does no harm.
 *
 * It tells the results of `window`, `aggregate` and `toTable` apart, which have one value at a time for a key, and a window. Not
 * those of joins, of which a key has many, and of `countWindow`, of which two may have the same span.
 *
 * A retraction has the id of what it takes back. With windows that accumulate, each pane overwrites the one before. Where a window's
 * panes are results of their own, as when it is discarding, they are told apart by `'pane'`; then panes have to come in each run as
 * in the one before, so not by triggers of processing time.
 *
 * @param of the name of what gives the result, such as that of the query
 * @param each `window`: the panes of a window have one id. `pane`: each has its own
 * @throws TidemarkError `invalid-key` for a key that is no primitive value, `invalid-argument` for `'pane'` without one
 * @example
 * changes.map((change) => ({ id: resultId('hits per hour', change), host: change.key, hits: change.value }))
 */
export function resultId(of: string, result: Identified | IdentifiedPane, each?: 'window'): string
export function resultId(of: string, result: Identified<PaneInfo> | IdentifiedPane, each: 'pane'): string
export function resultId(of: string, result: Identified | IdentifiedPane, each: 'window' | 'pane' = 'window'): string {
  const { key } = result
  const pane = 'window' in result ? result : result.pane
  const id: unknown[] = [of, plain(key)]
  if (pane !== undefined) id.push(plain(pane.window.start), plain(pane.window.end))
  if (each === 'pane') {
    if (pane === undefined) {
      throw new TidemarkError('invalid-argument', 'resultId: expected a result of a window, got one without a pane', {
        key,
      })
    }
    id.push(pane.index)
  }
  return JSON.stringify(id)
}

/** The same JSON for keys that are the same to a map, and for no others. */
function plain(key: unknown): unknown {
  switch (typeof key) {
    case 'string':
    case 'boolean':
      return key
    case 'number':
      return Number.isFinite(key) ? key : { number: String(key) }
    case 'bigint':
      return { bigint: String(key) }
    case 'undefined':
      return {}
    default:
      if (key === null) return null
      throw new TidemarkError(
        'invalid-key',
        `resultId: expected a key that is a text, number or other primitive value, got ${show(key)}`,
      )
  }
}
