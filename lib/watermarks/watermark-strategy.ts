import type { Duration } from '../time.ts'

/** Tells from the events seen how far event time has come. One for each source, made by a strategy. */
export interface WatermarkGenerator<T> {
  /**
   * Sees an event and says the watermark that follows it; `-Infinity` for none. A lower one than before has no effect.
   *
   * @param time event time of the value, epoch ms
   */
  onEvent(value: T, time: number): number
}

/** Options that every watermark strategy has. */
export interface WatermarkOptions {
  /**
   * After this much processing time without an event the stream is declared idle, so that it no longer holds back the
   * others. Counted only while the source is being polled and has nothing to give.
   */
  readonly idleTimeout?: Duration
  /**
   * An event whose time is further ahead of the clock than this does not move the watermark: it is counted as refused and
   * handed to the `future` output of `assignTimestamps`.
   */
  readonly maxFutureSkew?: Duration
}

/** A way to make watermarks, as a value. */
export interface WatermarkStrategy<T> {
  readonly name: string
  /** ms, if idleness is to be detected. */
  readonly idleTimeout: number | undefined
  /** ms, if events from the future are to be refused. */
  readonly maxFutureSkew: number | undefined
  create(): WatermarkGenerator<T>
}
