import { isEvent, nameOf } from '../final-result.ts'
import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'

/**
 * A window has at most one on-time pane for each key, the early ones leave before it and the late ones after it, and its panes are
 * numbered from 0.
 *
 * When to use it: for pipelines that end in a window, above all with triggers or windows of your own.
 */
export function atMostOneOnTimePane(): Law {
  return {
    name: 'atMostOneOnTimePane',
    why: 'Whoever acts on the on-time pane alone, and that is most, acts twice or on a guess.',
    needs: 'panes at its end',
    async check(tried) {
      const { elements } = await tried.calm()
      const last = new Map<string, { readonly index: number; readonly rank: number }>()
      for (const each of elements) {
        if (!isEvent(each) || each.diff === -1 || each.pane === undefined) continue
        const { window, timing, index } = each.pane
        const id = `${nameOf(each.key)} ${window.start} ${window.end}`
        const before = index === 0 ? undefined : last.get(id)
        const where = `[${window.start}, ${window.end}) of key ${nameOf(each.key)}`
        const rank = ['early', 'on-time', 'late'].indexOf(timing)
        if (index !== (before?.index ?? -1) + 1) {
          refute(`expected pane ${(last.get(id)?.index ?? -1) + 1} of ${where}, got pane ${index}`)
        }
        if (before !== undefined && (rank < before.rank || (rank === 1 && before.rank === 1))) {
          refute(
            `expected at most one on-time pane of ${where}, early ones before it and late ones after, got ${timing}`,
          )
        }
        // A session that goes away and comes again is another one, though it has the same bounds.
        if (before === undefined && last.has(id) && timing === 'on-time' && last.get(id)?.rank === 1) {
          refute(`expected at most one on-time pane of ${where}, got another one`)
        }
        last.set(id, { index, rank })
      }
    },
  }
}
