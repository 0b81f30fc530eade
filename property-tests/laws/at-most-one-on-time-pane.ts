import type { PaneInfo, Window } from '../../lib/window.ts'
import { isEvent, nameOf } from '../final-result.ts'
import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'

/** A window of a key, and the last of its panes. */
interface Seen {
  readonly window: Window
  index: number
  timing: PaneInfo['timing']
}

/**
 * A window has at most one on-time pane for each key, the early ones leave before it and the late ones after it, and its panes are
 * numbered from 0. A session that has become part of another one may come again, as a window of its own.
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
      const keys = new Map<string, Map<string, Seen>>()
      for (const each of elements) {
        if (!isEvent(each) || each.diff === -1 || each.pane === undefined) continue
        const { window, timing, index } = each.pane
        const windows = windowsOf(keys, nameOf(each.key))
        const id = `[${window.start}, ${window.end})`
        checkNext(`${id} of key ${nameOf(each.key)}`, windows.get(id), index, timing)
        for (const [other, seen] of windows) if (isPart(seen.window, window)) windows.delete(other)
        windows.set(id, { window, index, timing })
      }
    },
  }
}

const order = ['early', 'on-time', 'late'] as const

function checkNext(where: string, before: Seen | undefined, index: number, timing: PaneInfo['timing']): void {
  const next = before === undefined ? 0 : before.index + 1
  if (index !== next) refute(`expected pane ${next} of ${where}, got pane ${index}`)
  if (before === undefined) return
  const isBehind = order.indexOf(timing) < order.indexOf(before.timing)
  if (isBehind || (timing === 'on-time' && before.timing === 'on-time')) {
    refute(`expected at most one on-time pane of ${where}, early ones before it and late ones after, got ${timing}`)
  }
}

function windowsOf(keys: Map<string, Map<string, Seen>>, key: string): Map<string, Seen> {
  const windows = keys.get(key) ?? new Map<string, Seen>()
  keys.set(key, windows)
  return windows
}

function isPart({ start, end }: Window, of: Window): boolean {
  return of.start <= start && end <= of.end && end - start < of.end - of.start
}
