import type { FullAggregate } from './full-aggregate.ts'

/** Counts the values; 0 when there are none. Holds one number. */
export function count<T = unknown>(): FullAggregate<T, number, number> {
  return {
    name: 'count',
    create: () => 0,
    add: (count) => count + 1,
    merge: (into, from) => into + from,
    result: (count) => count,
    retract: (count) => count - 1,
  }
}
