import type { Window } from './window.ts'

/** The earliest moment in the life of a window at which something may happen. */
export type Moment = 'any-time' | 'completion' | 'never'

/** What a trigger may look at: a window of a key, at one moment. */
export interface TriggerContext {
  readonly window: Window
  /** The watermark has reached the window's end. */
  readonly isComplete: boolean
  /** Epoch ms. */
  readonly watermark: number
  /** Processing time, epoch ms. */
  readonly now: number
}

/**
 * Says when the panes of a window leave. A trigger is a value without state of its own; what it has to remember of a key and
 * window is made by `create`, handed to every call, changed in place, and dropped with the window. It must be plain data.
 *
 * It is asked whether it `shouldFire` after each event, when the watermark completes the window, and when a deadline of it has
 * passed, and must give the same answer until something happens. That it fires does not mean that a pane leaves: without
 * anything new, there is none.
 *
 * @typeParam S what it remembers of a window
 */
export interface Trigger<S = unknown> {
  /** For error messages: `afterCount(100)`. */
  readonly name: string
  /** The earliest moment at which it fires. */
  readonly fires: Moment
  /** The earliest moment at which it is finished, which closes the window: what comes later is refused. */
  readonly finishes: Moment
  /** It may finish before its window has expired, because `once` says so. */
  readonly isOnce?: true
  create(): S
  /** @param time event time of an event that has been added, or taken back, epoch ms */
  onEvent(state: S, time: number, context: TriggerContext): void
  shouldFire(state: S, context: TriggerContext): boolean
  /** It has fired. Returns whether it is finished, and will not be asked again. */
  onFire(state: S, context: TriggerContext): boolean
  /**
   * Adds what is remembered of a window to that of the window it has merged into, which `context` shows as it has become.
   * Which of the two goes into the other must make no difference.
   */
  merge(into: S, from: S, context: TriggerContext): void
  /** A window that was complete has grown, and is so no more. */
  rearm?(state: S, context: TriggerContext): void
  /** The processing time at which it wants to be asked, if there is one to come. */
  deadline?(state: S, context: TriggerContext): number
  /** The watermark before the window's end at which it wants to be asked, if there is one to come. */
  watermarkDeadline?(state: S, context: TriggerContext): number
}

/**
 * Makes a trigger of one's own: what it remembers is nobody else's business, and has no place in its type.
 *
 * @typeParam S what it remembers of a window
 * @example
 * defineTrigger<{ events: number }>({ name: 'atTheThird()', create: () => ({ events: 0 }), ... })
 */
export function defineTrigger<S>(trigger: Trigger<S>): Trigger {
  return trigger
}
