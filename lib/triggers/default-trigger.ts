import type { Trigger } from '../trigger.ts'

const atCompletion: Trigger = {
  name: 'defaultTrigger()',
  fires: 'completion',
  finishes: 'never',
  create: () => undefined,
  onEvent() {},
  shouldFire: (_, { isComplete }) => isComplete,
  onFire: () => false,
  merge() {},
}

/**
 * Fires when the watermark completes the window, and then for every later event: what a window does that is given no trigger.
 * Never finishes.
 */
export function defaultTrigger(): Trigger {
  return atCompletion
}

/** Tells whether a window may do without asking a trigger. */
export function isDefault(trigger: Trigger | undefined): boolean {
  return trigger === undefined || trigger === atCompletion
}
