import { isEvent, nameOf } from '../final-result.ts'
import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'
import type { Pipeline } from '../trial.ts'

/** What accumulating panes are compared with. */
export interface DiscardingOptions<T, R> {
  /** The same pipeline with `accumulation: 'discarding'`. */
  readonly discarding: Pipeline<T>
  /** Puts the values of two panes together. */
  readonly add: (a: R, b: R) => R
}

/**
 * What the discarding panes of a window have had so far, put together, is what its accumulating pane has, pane by pane.
 *
 * When to use it: for a pipeline of which one consumer adds up and another replaces. Its windows must not merge, because what a
 * merged one has had came out of its parts.
 */
export function discardingSumsToAccumulating<T, R>({ discarding, add }: DiscardingOptions<T, R>): Law<T> {
  return {
    name: 'discardingSumsToAccumulating',
    why: 'A dashboard that adds the panes up, and one that replaces them, show different numbers.',
    needs: 'accumulating panes of windows that do not merge, and the same pipeline with discarding ones',
    async check(tried) {
      const { elements } = await tried.calm()
      const parts = await tried.run({ pipeline: discarding })
      const sums = new Map<string, R>()
      const summed = panesOf(parts.elements).map(({ id, value, index }) => {
        const before = sums.get(id)
        const sum = before === undefined || index === 0 ? (value as R) : add(before, value as R)
        sums.set(id, sum)
        return { id, index, value: sum }
      })
      agree('what the discarding panes sum to', panesOf(elements), summed)
    },
  }
}

function panesOf(elements: readonly unknown[]): readonly { id: string; index: number; value: unknown }[] {
  return elements.flatMap((each) => {
    if (!isEvent(each) || each.pane === undefined || each.diff === -1) return []
    const { window, index } = each.pane
    return [{ id: `${nameOf(each.key)} [${window.start}, ${window.end})`, index, value: each.value }]
  })
}
