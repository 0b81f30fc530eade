/** A half-open span of event time, `[start, end)`, in epoch ms. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** Says which windows a time belongs to. */
export interface WindowAssigner {
  /** For error messages and explanations: `tumbling(1h)`. */
  readonly name: string
  /**
   * The windows that contain `time`, in the order of their starts; none if the time falls in a gap. May return the very
   * array it returned last, which tells the caller that nothing has changed: neither the array nor its windows are altered.
   */
  assign(time: number): readonly Window[]
}

/** When, relative to the watermark, a pane left its window. */
export type Timing = 'early' | 'on-time' | 'late'

/** Which pane of which window a value is. */
export interface PaneInfo {
  readonly window: Window
  /** `early`: before the watermark reached the window's end; `on-time`: with it, at most once; `late`: after. */
  readonly timing: Timing
  /** Counts the panes of this window and key from 0. */
  readonly index: number
  readonly isFirst: boolean
  /** No other pane of this window and key will follow. */
  readonly isLast: boolean
  /** Counts the panes that are not early from 0; -1 on early ones. */
  readonly nonSpeculativeIndex: number
}
