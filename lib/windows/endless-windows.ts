import type { Aggregate } from '../aggregate.ts'
import type { Windows } from '../window.ts'
import type { Endless } from '../wiring/growth.ts'

/** What is held until the input ends, where the windows have no end of their own before that. */
export function endlessWindows<T>(
  windows: Windows<T>,
  { keepsValues = false }: Pick<Aggregate<never, never, unknown>, 'keepsValues'>,
): Endless | undefined {
  // What a key still lacks of a count may never come.
  if ('kind' in windows)
    return windows.kind === 'count' ? { of: 'keys', because: `${windows.name} waits for more` } : undefined
  if (windows.series?.window(0).end !== Infinity) return undefined
  return { of: keepsValues ? 'events' : 'keys', because: `${windows.name} has no other end` }
}
