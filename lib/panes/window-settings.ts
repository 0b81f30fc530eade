import type { Aggregate } from '../aggregate.ts'
import type { Trigger } from '../trigger.ts'
import type { Accumulation } from '../window.ts'

/** What is computed, when it leaves, and how results relate, validated. */
export interface WindowSettings<T, R> {
  readonly aggregate: Aggregate<T, unknown, R>
  /** Undefined for the default one. */
  readonly trigger: Trigger | undefined
  readonly accumulation: Accumulation
  /** ms */
  readonly allowedLateness: number
  /** The on-time pane leaves even with nothing new in it. */
  readonly isOnTimeAlways: boolean
  /** A last pane leaves even with nothing new in it. */
  readonly isClosingAlways: boolean
}
