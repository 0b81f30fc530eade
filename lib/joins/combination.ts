import type { Sides } from './sides.ts'

/**
 * What a window of a key gives: rows that have a number, so that they leave one by one, over several turns, without being kept
 * anywhere.
 *
 * @typeParam O the value of a row
 */
export interface Combination<L, R, O> {
  /** As many right values of a window and key as make a difference. */
  readonly rightLimit: number
  /** How many rows there are. */
  rows(sides: Sides<L, R, unknown>): number
  /** The value of one, from 0 on. */
  row(sides: Sides<L, R, unknown>, number: number): O
}
