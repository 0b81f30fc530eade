import type { Window } from '../window.ts'
import type { MergingAssigner } from './merging-assigner.ts'
import { firstAfter } from './session-store.ts'

/** A run of a key's windows that belong together with a new one: none of them if `from` is `until`. */
export interface Neighbours {
  /** Index of the first, or where the new one goes. */
  readonly from: number
  /** Index behind the last. */
  readonly until: number
  /** The window they make. */
  readonly span: Window
}

/** Finds those of a key's windows, in the order of their starts, that belong together with a new one. */
export function neighboursOf(
  assigner: MergingAssigner<never>,
  sessions: readonly { readonly window: Window }[],
  window: Window,
): Neighbours {
  let from = firstAfter(sessions, window.start)
  let until = from
  let span = window
  for (let left = sessions[from - 1]; left !== undefined; left = sessions[from - 1]) {
    if (!assigner.merges(left.window, span)) break
    span = spanOf(left.window, span)
    from -= 1
  }
  for (let right = sessions[until]; right !== undefined; right = sessions[until]) {
    if (!assigner.merges(span, right.window)) break
    span = spanOf(span, right.window)
    until += 1
  }
  return { from, until, span }
}

/** The window that spans both: one of them if it holds the other. */
function spanOf(a: Window, b: Window): Window {
  if (a.start <= b.start && a.end >= b.end) return a
  if (b.start <= a.start && b.end >= a.end) return b
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
}
