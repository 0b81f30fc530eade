import * as fc from 'fast-check'

/**
 * Makes ways to put several lists into one in which each keeps its order, such as partitions that are read side by side. They shrink
 * to one list behind the other.
 *
 * @example
 * ```ts
 * fc.assert(fc.property(interleavings([[1, 2], [3]]), (list) => list.indexOf(1) < list.indexOf(2)))
 * ```
 */
export function interleavings<T>(lists: readonly (readonly T[])[]): fc.Arbitrary<readonly T[]> {
  const length = lists.reduce((sum, list) => sum + list.length, 0)
  const choices = fc.array(fc.nat({ max: Math.max(0, lists.length - 1) }), { minLength: length, maxLength: length })
  return choices.map((all) => {
    const next = lists.map(() => 0)
    return all.flatMap((chosen) => {
      // One that has nothing left passes its turn to the next that has.
      const open = lists.flatMap((list, i) => ((next[i] ?? 0) < list.length ? [i] : []))
      const which = open.find((i) => i >= chosen) ?? open[0]
      if (which === undefined) return []
      const at = next[which] ?? 0
      next[which] = at + 1
      return lists[which]?.slice(at, at + 1) ?? []
    })
  })
}
