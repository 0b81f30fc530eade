import type { Subtotal } from '../../lib/subtotals/subtotal.ts'
import type { Key } from '../../operators/key-by.ts'
import type { Fields, SeenField } from '../field.ts'

/** A part of a file. Its lines are those that start in it. */
export interface Range {
  readonly path: string
  readonly start: number
  /** Behind the last byte. */
  readonly end: number
}

/** What has become of the lines of a range, as plain data. */
export interface RangeSubtotals {
  readonly subtotals: readonly Subtotal<Key, Fields>[]
  /** The least end of a slice with an event in it: up to a watermark below, all events are in time. Epoch ms. */
  readonly end: number
  readonly counts: LineCounts
  /** The first expressions that failed. Lines are counted from the first of the range. */
  readonly failures: readonly { readonly number: number; readonly reason: string }[]
  /** How many failed. */
  readonly failed: number
  readonly fields: readonly SeenField[]
  /** Aggregates whose accumulators are lists of numbers, which stand for values. */
  readonly lists: readonly NewValues[]
}

/** Values that have numbers now, in their order, behind those that had some before. */
export interface NewValues {
  /** Of which aggregate; `undefined` for the only one, whose accumulators are not in lists with those of others. */
  readonly aggregate: number | undefined
  /** There are none before. */
  readonly isFresh: boolean
  readonly values: readonly unknown[]
}

/** How many lines there were, and what became of those that gave no event. */
export interface LineCounts {
  lines: number
  tooLong: number
  unparsable: number
  /** Those that did not meet the conditions. */
  leftOut: number
  untimed: number
}

export function noLines(): LineCounts {
  return { lines: 0, tooLong: 0, unparsable: 0, leftOut: 0, untimed: 0 }
}
