import type { Diff, Element } from '../lib/element.ts'
import type { PaneInfo, Window } from '../lib/window.ts'

/** What a window has come to for a key. */
export interface WindowResult<R, K> {
  readonly key: K
  readonly window: Window
  readonly value: R
}

/** The value of the last pane of each key and window, in an order that does not depend on when they came. */
export function finalResult<R, K>(elements: readonly Element<R, K, PaneInfo, Diff>[]): WindowResult<R, K>[] {
  const results = new Map<string, WindowResult<R, K>>()
  for (const element of elements) {
    if (element.kind !== 'event') continue
    const { key, value, diff, pane } = element
    const { window } = pane
    const id = `${window.start} ${window.end} ${nameOf(key)}`
    if (diff === 1) results.set(id, { key, window, value })
    else results.delete(id)
  }
  return inFixedOrder([...results.values()])
}

/** Sorts by window, then by key. */
export function inFixedOrder<R, K>(results: readonly WindowResult<R, K>[]): WindowResult<R, K>[] {
  return results.toSorted(
    (a, b) => a.window.end - b.window.end || a.window.start - b.window.start || compare(nameOf(a.key), nameOf(b.key)),
  )
}

function nameOf(key: unknown): string {
  return `${typeof key} ${String(key)}`
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
