import type { Duration } from '../time.ts'
import type { Match, Pattern } from './pattern.ts'

/**
 * Tells of a value whether it fits a stage. `soFar` is what the stages before have matched, and, as a list, what this one has
 * already, if it is a loop.
 */
export type StageCondition<T, S, N extends string> = (
  value: T,
  soFar: Match<T, S & Readonly<Record<N, 'many'>>>,
) => boolean

/**
 * A pattern in the making: its stages so far. Every call gives a new one, and leaves this one as it is. Each stage has a name of its
 * own.
 */
export interface Sequence<T, S extends object> {
  /** The very next event must fit. */
  next<N extends string>(name: N extends keyof S ? never : N, where: StageCondition<T, S, N>): SingleStage<T, S, N>
  /** The next event that fits; those that don't are passed over. */
  followedBy<N extends string>(
    name: N extends keyof S ? never : N,
    where: StageCondition<T, S, N>,
  ): SingleStage<T, S, N>
  /** Any later event that fits: there is a match for each. */
  followedByAny<N extends string>(
    name: N extends keyof S ? never : N,
    where: StageCondition<T, S, N>,
  ): SingleStage<T, S, N>
  /** The very next event must not fit. */
  notNext<N extends string>(
    name: N extends keyof S ? never : N,
    where: (value: T, soFar: Match<T, S>) => boolean,
  ): Sequence<T, S>
  /** No event before the one of the next stage may fit; behind the last stage, none while there is time. */
  notFollowedBy<N extends string>(
    name: N extends keyof S ? never : N,
    where: (value: T, soFar: Match<T, S>) => boolean,
  ): Sequence<T, S>
  /**
   * Completes the pattern: from the first event of a match to the last it is less than `duration`, in event time.
   *
   * @throws TidemarkError `invalid-duration` or `invalid-argument` for a duration that is none or not greater than 0;
   *   `invalid-argument` for stages that make no pattern
   */
  within(duration: Duration): Pattern<T, S>
}

/** A sequence whose last stage has one event, unless told otherwise. */
export interface SingleStage<T, S extends object, N extends string> extends Sequence<
  T,
  S & Readonly<Record<N, 'one'>>
> {
  /** It may be left out. */
  optional(): Sequence<T, S & Readonly<Record<N, 'maybe'>>>
  /** One event or more. */
  oneOrMore(): LoopStage<T, S, N>
  /** So many events; or, given two numbers, from the one to the other. */
  times(from: number, to?: number): LoopStage<T, S, N>
  /** So many events or more. */
  timesOrMore(from: number): LoopStage<T, S, N>
}

/** A sequence whose last stage is a loop. Its events follow each other as by `followedBy`, unless told otherwise. */
export interface LoopStage<T, S extends object, N extends string> extends Sequence<T, S & Readonly<Record<N, 'many'>>> {
  /** It may be left out. */
  optional(): LoopStage<T, S, N>
  /** What the loop can take is for no stage behind it. */
  greedy(): LoopStage<T, S, N>
  /** Its events follow each other as by `next`. */
  consecutive(): LoopStage<T, S, N>
  /** Its events follow each other as by `followedByAny`. */
  allowCombinations(): LoopStage<T, S, N>
  /** Neither an event for which this holds is in the loop, nor one behind it. */
  until(where: StageCondition<T, S, N>): LoopStage<T, S, N>
}
