import type { Aggregate } from '../aggregate.ts'
import { TidemarkError } from '../errors.ts'

/** An accumulator, and how many values are in it. */
export interface Counted<A> {
  accumulator: A
  values: number
}

/**
 * Makes an aggregate know when all of its values have been taken back, which is something else than having had none, and than
 * a result of 0.
 *
 * @throws TidemarkError `unsupported` when a value is to be taken back and the aggregate can't
 */
export function counted<T, A, R>(aggregate: Aggregate<T, A, R>): Aggregate<T, Counted<A>, R> {
  const { name } = aggregate
  const step: Aggregate<T, Counted<A>, R> = {
    name,
    create: (insertOnly) => ({ accumulator: aggregate.create(insertOnly), values: 0 }),
    add(counting, value, time) {
      counting.accumulator = aggregate.add(counting.accumulator, value, time)
      counting.values += 1
      return counting
    },
    result: ({ accumulator }) => aggregate.result(accumulator),
    retract(counting, value, time) {
      if (aggregate.retract === undefined) {
        throw new TidemarkError('unsupported', `${name} can't take a retraction back; give it a 'retract' function`)
      }
      counting.accumulator = aggregate.retract(counting.accumulator, value, time)
      counting.values -= 1
      return counting
    },
  }
  const merge = aggregate.merge?.bind(aggregate)
  if (merge === undefined) return step
  return {
    ...step,
    merge(into, from) {
      into.accumulator = merge(into.accumulator, from.accumulator)
      into.values += from.values
      return into
    },
  }
}
