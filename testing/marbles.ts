import type { Diff, Event, Idle, Watermark } from '../lib/element.ts'
import type { Timing, Window } from '../lib/window.ts'

/** How times are written: `90000`, `1m30s` or `00:01:30`. */
export type TimeStyle = 'ms' | 'duration' | 'time-of-day'

/** How a diagram writes its times: those of events, watermarks and windows, and those of the processing-time clock. */
export interface MarbleTimes {
  readonly event: TimeStyle
  readonly processing: TimeStyle
}

/** `a@3`, `x:5@3`, `-a@3`: a record, which is an event that has come out of no window. */
export type EventMarble = Event<unknown, unknown, undefined, Diff>

/** `[0,5)=2`, early `[0,5)=2?`, late `[0,5)=2!`: a value out of a window. */
export interface PaneMarble {
  readonly kind: 'pane'
  readonly value: unknown
  /** Event time; `window.end - 1` unless the diagram says otherwise: `[0,5)=2@7`. */
  readonly time: number
  readonly key: unknown
  readonly diff: Diff
  readonly window: Window
  readonly timing: Timing
}

/** `L(d@2)`: an event that came too late, at the output for such. */
export interface LateMarble {
  readonly kind: 'late'
  readonly event: EventMarble | PaneMarble
}

/** `!10s`: the processing-time clock is moved. */
export interface ClockMarble {
  readonly kind: 'clock'
  /** Processing time in ms. */
  readonly time: number
}

/** `|`: end of input, which as an element is the watermark `+Infinity`. */
export interface EndMarble {
  readonly kind: 'end'
}

/** `#` or `#message`: an error. */
export interface ErrorMarble {
  readonly kind: 'error'
  readonly message: string | undefined
}

/** What may stand on an input line. Records, watermarks and `idle` are stream elements as they are. */
export type InputMarble = EventMarble | Watermark | Idle | ClockMarble | EndMarble | ErrorMarble

/** What may stand on an output line. */
export type OutputMarble = EventMarble | PaneMarble | LateMarble | Watermark | Idle | EndMarble | ErrorMarble

/** One token of a diagram. */
export type Marble = InputMarble | OutputMarble

/** A line of a diagram: `cells[step]` holds what the line has in that step, in order. */
export interface MarbleLine<M extends Marble> {
  readonly label: string
  readonly cells: readonly (readonly M[])[]
}

/**
 * A run, step by step. A step is an arrival: in each, one or more of the inputs have one marble, taken in the order of the
 * lines, and outputs have any number. Every line has a cell for every step.
 */
export interface MarbleDiagram {
  readonly times: MarbleTimes
  readonly inputs: readonly MarbleLine<InputMarble>[]
  readonly outputs: readonly MarbleLine<OutputMarble>[]
}
