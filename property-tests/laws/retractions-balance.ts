import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'fast-check'
import type { Diff, Event } from '../../lib/element.ts'
import type { PaneInfo } from '../../lib/window.ts'
import { isSame } from '../batch-windows.ts'
import { isEvent } from '../final-result.ts'
import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'

type AnyEvent = Event<unknown, unknown, PaneInfo | undefined, Diff>

/**
 * Whatever is taken back stands, with the same key, window, value and time; of a key and window one result stands at a time. So
 * insertions minus retractions are, at any moment, the result. A pipeline that never takes anything back keeps it.
 *
 * When to use it: always; it has nothing to say until something is taken back.
 */
export function retractionsBalance(): Law {
  return {
    name: 'retractionsBalance',
    why: 'Whoever applies the changes, such as an `aggregate` behind or a table, is left with a wrong result.',
    needs: 'a stream at its end',
    async check(tried) {
      const { elements } = await tried.calm()
      const results = elements.filter((element) => isEvent(element))
      if (results.every(({ diff }) => diff === 1)) return
      const standing: AnyEvent[] = []
      for (const result of results) {
        const at = standing.findIndex((each) => isOfSame(each, result))
        const before = standing[at]
        if (result.diff === -1) {
          if (before === undefined) refute(`expected something that stands to be taken back, got ${shown(result)}`)
          else if (!isEqual(before, result)) refute(`expected ${shown(before)} to be taken back, got ${shown(result)}`)
          standing.splice(at, 1)
        } else if (before !== undefined && result.pane !== undefined) {
          refute(`expected ${shown(before)} to be taken back before ${shown(result)}`)
        } else standing.push(result)
      }
    },
  }
}

/** Panes of one window and key; of what comes out of no window, any equal ones. */
function isOfSame(a: AnyEvent, b: AnyEvent): boolean {
  if (!Object.is(a.key, b.key)) return false
  if (a.pane === undefined || b.pane === undefined) return isEqual(a, b)
  return isSame(a.pane.window, b.pane.window)
}

function isEqual(a: AnyEvent, b: AnyEvent): boolean {
  return a.time === b.time && isDeepStrictEqual(a.value, b.value)
}

function shown({ key, value, time, pane }: AnyEvent): string {
  const where = pane === undefined ? '' : ` and [${pane.window.start}, ${pane.window.end})`
  return `${stringify(value)}@${time} of key ${String(key)}${where}`
}
