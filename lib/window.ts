/** A half-open span of event time, `[start, end)`, in epoch ms. */
export interface Window {
  readonly start: number
  readonly end: number
}

/**
 * Says which windows an event belongs to. Your own may be anything that is the same for the same event:
 *
 * ```ts
 * const shifts: WindowAssigner<Punch> = {
 *   name: 'shifts',
 *   assign: (time, punch) => [shiftOf(punch.plant, time)],
 * }
 * ```
 *
 * @typeParam T the values it looks at; `unknown` if time is all it needs
 */
export interface WindowAssigner<in T = unknown> {
  /** For error messages and explanations: `tumbling(1h)`. */
  readonly name: string
  /** The windows of an event, in the order of their ends; none if it falls in a gap. */
  assign(time: number, value: T): readonly Window[]
  /**
   * Makes the windows of a key merge: tells whether two of them belong together, and then the window that spans both takes
   * their place. Asked of windows that are neighbours in the order of their starts, `a` before `b`.
   */
  merges?(a: Window, b: Window): boolean
  /** The same windows as a series, where they depend on nothing but the time. Lets overlapping windows share their work. */
  readonly series?: WindowSeries
}

/** Windows that depend on nothing but the time: `tumbling`, `hopping`, `cumulative`, `calendar`, `globalWindow`. */
export interface TimeWindows extends WindowAssigner {
  /** May return the very array it returned last, which tells the caller that nothing has changed. */
  assign(time: number): readonly Window[]
  readonly series: WindowSeries
}

/** Windows that are numbered, in the order of their ends, which is also that of their starts. */
export interface WindowSeries {
  /** The window with a number. */
  window(number: number): Window
  /** The longest span of time around `time` in which all times belong to the same windows. */
  slice(time: number): Slice
}

/** A span of time that is not divided by any window of a series: all of it belongs to the windows `first` to `last`. */
export interface Slice extends Window {
  /** Number of the first window it belongs to. */
  readonly first: number
  /** Number of the last one; `first - 1` in a gap between windows. */
  readonly last: number
}

/** Windows around the events of a key, made by `sliding`. */
export interface SlidingWindows {
  readonly kind: 'sliding'
  readonly name: string
  /** How far apart the events of a window may be, ms. */
  readonly reach: number
}

/** Windows of a number of events, made by `countWindow`. */
export interface CountWindows {
  readonly kind: 'count'
  readonly name: string
  /** Events of a window. */
  readonly size: number
  /** A window ends with every so many events of a key. */
  readonly every: number
}

/** Whatever says where in time results lie. */
export type Windows<T = unknown> = WindowAssigner<T> | SlidingWindows | CountWindows

/** How results of one window relate to each other. */
export type Accumulation = 'discarding' | 'accumulating' | 'retracting'

/**
 * When, relative to the watermark, a pane left its window. `early`: before the watermark reached the window's end; `on-time`:
 * with the watermark that did, at most once; `late`: after.
 */
export type Timing = 'early' | 'on-time' | 'late'

/** Which pane of which window a value is. */
export interface PaneInfo {
  readonly window: Window
  readonly timing: Timing
  /** Counts the panes of this window and key from 0. */
  readonly index: number
  readonly isFirst: boolean
  /** No other pane of this window and key will follow. */
  readonly isLast: boolean
  /** Counts the panes that are not early from 0; -1 on early ones. */
  readonly nonSpeculativeIndex: number
  /** The input ended before the window had all its events: of count windows alone. */
  readonly isPartial?: true
}
