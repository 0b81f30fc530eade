import { show, TidemarkError } from '../errors.ts'
import type { Trigger, TriggerContext } from '../trigger.ts'

/** Checks that something is a trigger. */
export function checkedTrigger(who: string, trigger: Trigger): Trigger {
  if (typeof trigger === 'object' && trigger !== null && typeof trigger.shouldFire === 'function') return trigger
  throw new TidemarkError('invalid-argument', `${who}: expected a trigger, got ${show(trigger)}`)
}

/** Checks the parts of a trigger that is made of several. */
export function checkedParts(who: string, parts: readonly Trigger[]): readonly Trigger[] {
  if (parts.length === 0) throw new TidemarkError('invalid-argument', `${who}: expected at least one trigger, got none`)
  return parts.map((part) => checkedTrigger(who, part))
}

/** `afterFirst(afterCount(2), never())` */
export function nameOf(who: string, parts: readonly Trigger[]): string {
  return `${who}(${parts.map(({ name }) => name).join(', ')})`
}

/** Triggers that are all at work at the same time, remembered side by side. */
export class Parts {
  readonly #triggers: readonly Trigger[]

  constructor(triggers: readonly Trigger[]) {
    this.#triggers = triggers
  }

  create(): unknown[] {
    return this.#triggers.map((trigger) => trigger.create())
  }

  onEvent(states: readonly unknown[], time: number, context: TriggerContext): void {
    for (const [i, trigger] of this.#triggers.entries()) trigger.onEvent(states[i], time, context)
  }

  merge(into: readonly unknown[], from: readonly unknown[], context: TriggerContext): void {
    for (const [i, trigger] of this.#triggers.entries()) trigger.merge(into[i], from[i], context)
  }

  rearm(states: readonly unknown[], context: TriggerContext): void {
    for (const [i, trigger] of this.#triggers.entries()) trigger.rearm?.(states[i], context)
  }

  readonly some = (states: readonly unknown[], context: TriggerContext): boolean =>
    this.#triggers.some((trigger, i) => trigger.shouldFire(states[i], context))

  readonly every = (states: readonly unknown[], context: TriggerContext): boolean =>
    this.#triggers.every((trigger, i) => trigger.shouldFire(states[i], context))

  /** The next processing time at which one wants to be asked: those that have passed have been answered. */
  deadline(states: readonly unknown[], context: TriggerContext): number {
    let soonest = Infinity
    for (const [i, trigger] of this.#triggers.entries()) {
      const deadline = trigger.deadline?.(states[i], context) ?? Infinity
      if (deadline > context.now && deadline < soonest) soonest = deadline
    }
    return soonest
  }

  /** The next watermark at which one wants to be asked. */
  watermarkDeadline(states: readonly unknown[], context: TriggerContext): number {
    let soonest = Infinity
    for (const [i, trigger] of this.#triggers.entries()) {
      const deadline = trigger.watermarkDeadline?.(states[i], context) ?? Infinity
      if (deadline > context.watermark && deadline < soonest) soonest = deadline
    }
    return soonest
  }
}
