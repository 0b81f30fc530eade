import type { Trigger } from '../trigger.ts'

/**
 * Never fires: a window's only pane leaves when it expires, so at its end plus the allowed lateness. For results that are to
 * be final, and whole.
 */
export function never(): Trigger {
  return {
    name: 'never()',
    fires: 'never',
    finishes: 'never',
    create: () => undefined,
    onEvent() {},
    shouldFire: () => false,
    onFire: () => false,
    merge() {},
  }
}
