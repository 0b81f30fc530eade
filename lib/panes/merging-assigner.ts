import type { Window, WindowAssigner } from '../window.ts'

/** An assigner whose windows merge. */
export type MergingAssigner<T> = WindowAssigner<T> & Required<Pick<WindowAssigner<T>, 'merges'>>

/** Tells whether the windows of an assigner merge. */
export function isMerging<T>(assigner: WindowAssigner<T>): assigner is MergingAssigner<T> {
  return assigner.merges !== undefined
}

/** Asks an assigner of two windows in whatever order. */
export function belongTogether(assigner: MergingAssigner<never>, a: Window, b: Window): boolean {
  return a.start <= b.start ? assigner.merges(a, b) : assigner.merges(b, a)
}
