import type { Aggregate } from '../aggregate.ts'
import { type AccumulatorShape, accumulatorShape } from '../aggregates/accumulator-shape.ts'
import type { Diff, Event } from '../element.ts'
import { callbackError } from '../callback-error.ts'
import { counted, type Counted } from './counted.ts'
import { refuseRetraction } from './refuse-retraction.ts'
import type { WindowSettings } from './window-settings.ts'

/** Stands where there is no accumulator: an aggregate may use any other value as one. */
export const absent: unique symbol = Symbol('absent')

/** How the events of a stream add up: its aggregate, as far as it depends on whether the stream takes anything back. */
export class Accumulators<T, R> {
  private readonly aggregate: Aggregate<T, unknown, R>
  private readonly id: string
  private readonly isInsertOnly: boolean
  private readonly isDiscarding: boolean
  /** How they look, in checkpoints. */
  readonly shape: AccumulatorShape

  /** @param id the operator's, for errors */
  constructor({ aggregate, accumulation }: WindowSettings<T, R>, id: string, isInsertOnly: boolean) {
    // Only what takes values back can become empty again.
    this.aggregate = isInsertOnly ? aggregate : counted(aggregate)
    this.shape = accumulatorShape(aggregate, isInsertOnly)
    this.id = id
    this.isInsertOnly = isInsertOnly
    this.isDiscarding = accumulation === 'discarding'
  }

  create(): unknown {
    return this.aggregate.create(this.isInsertOnly)
  }

  /** One that was saved, as it looks now. */
  restore(saved: unknown): unknown {
    if (this.isInsertOnly) return this.shape.restore(saved)
    const { accumulator, values } = saved as Counted<unknown>
    return { accumulator: this.shape.restore(accumulator), values }
  }

  /** Adds an event, or takes it back. */
  change(accumulator: unknown, { value, time, diff }: Event<T, unknown, unknown, Diff>): unknown {
    if (diff === 1) return this.aggregate.add(accumulator, value, time)
    if (this.isDiscarding) {
      refuseRetraction("what it takes back has been forgotten: use 'accumulating' or 'retracting'")
    }
    return this.aggregate.retract?.(accumulator, value, time)
  }

  /** Adds `from` to `into`. Windows that need it are refused for an aggregate that can't. */
  merge(into: unknown, from: unknown): unknown {
    return this.aggregate.merge?.(into, from)
  }

  /** There is none, or all of its values have been taken back. */
  isEmpty(accumulator: unknown): boolean {
    return accumulator === absent || (!this.isInsertOnly && (accumulator as Counted<unknown>).values === 0)
  }

  /** The result for a key, at the time that it will have. */
  result(accumulator: unknown, key: unknown, time: number): R {
    try {
      return this.aggregate.result(accumulator)
    } catch (error) {
      throw callbackError(error, this.id, { key, time })
    }
  }
}
