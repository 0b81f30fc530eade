import type { TriggerContext } from '../trigger.ts'
import type { Window } from '../window.ts'

/** What a trigger is shown: one object for all windows, because it is asked after each event. */
export class ShownMoment implements TriggerContext {
  window: Window = { start: 0, end: 0 }
  readonly #context: { readonly watermark: number; readonly now: number }

  constructor(context: { readonly watermark: number; readonly now: number }) {
    this.#context = context
  }

  get watermark(): number {
    return this.#context.watermark
  }

  get now(): number {
    return this.#context.now
  }

  get isComplete(): boolean {
    return this.window.end <= this.#context.watermark
  }
}
