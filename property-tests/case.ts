import type { Arrival } from './arrival.ts'
import { type Pace, steady } from './pace.ts'

/** Where a run dies, and how often it saves what it has before. */
export interface Crashes {
  /**
   * Steps that somebody outside could see (a read, a write, a part of a commit) after which a run dies, one for each run; of
   * more than there are, what is over counts from the first one on. The last run dies never.
   */
  readonly steps: readonly number[]
  /** Reads between two checkpoints, for each run in turn. At least 1. */
  readonly every: readonly number[]
}

/** One thing that is tried: events in the order of arrival, and all that is done to a pipeline while they go through it. */
export interface Case<T> {
  readonly events: readonly Arrival<T>[]
  /** How they are cut into chunks, and how slow reads and the sink are. */
  readonly pace: Pace
  /** How far the clock of processing time moves before each read, ms; over and over. */
  readonly clock: readonly number[]
  /** Which split each event comes from; over and over. */
  readonly splits: readonly number[]
  readonly crashes: Crashes
  /** How far everything is shifted in time, in periods of the pipeline. */
  readonly shift: number
}

/** A case in which nothing happens but that events arrive. */
export function calm<T>(events: readonly Arrival<T>[]): Case<T> {
  return { events, pace: steady, clock: [0], splits: [0], crashes: { steps: [5], every: [3] }, shift: 1 }
}
