import { show, TidemarkError } from '../errors.ts'
import type { Window } from '../window.ts'

/**
 * Checks a window that an assigner gave, which may be anybody's. One that ends before it starts would never be freed.
 *
 * @param who names the assigner
 */
export function checkedWindow(who: string, window: Window): Window {
  if (window?.start < window?.end) return window
  const got =
    typeof window === 'object' && window !== null ? `${show(window.start)} and ${show(window.end)}` : show(window)
  throw new TidemarkError('invalid-argument', `${who}: expected a window with a start < end, got ${got}`)
}
