import { type Diff, event, type Event } from '../element.ts'
import type { SavedCell } from '../checkpoint/changes.ts'
import type { PaneInfo, Window } from '../window.ts'

/** What leaves a window. */
export type Result<R, K> = Event<R, K, PaneInfo, Diff>

/** What takes a result back. */
export function takenBack<R, K>({ value, time, key, pane }: Result<R, K>): Result<R, K> {
  return event<R, K, PaneInfo, Diff>(value, time, key, -1, pane)
}

/** What a trigger remembers of a window, and when it wants to be asked. */
export class Waiting {
  readonly state: unknown
  /** Processing time. */
  deadline: number = Infinity
  /** Order in which panes began to wait for the clock; -1 if it is not asked at its deadline. */
  turn = -1
  /** Watermark. */
  watermarkDeadline: number = Infinity
  /** Order in which panes began to wait for the watermark; -1 if it is not asked at that deadline. */
  watermarkTurn = -1

  constructor(state: unknown) {
    this.state = state
  }

  /**
   * The window grows beyond the end it has had so far: a watermark that was behind that was of no interest, and is now.
   *
   * @param end epoch ms
   */
  grow(end: number): void {
    if (this.watermarkDeadline >= end) this.watermarkDeadline = Infinity
  }
}

/** What is kept of a key in one window. */
export class Pane<K, A, R> implements SavedCell {
  readonly key: K
  /** Order of opening, given by who keeps it. */
  number = 0
  window: Window
  accumulator: A
  /** Events since the last result left. */
  fresh = 0
  /** Results that have left. */
  fired = 0
  /** Those of them that were not early. */
  nonSpeculative = 0
  /** No more will leave: the trigger is finished, or the window gone. */
  isOver = false
  /** Its window is gone: it has expired, or merged into another one. */
  isGone = false
  isChanged = false
  /** Of its trigger; undefined for the default one, which remembers nothing. */
  readonly waiting: Waiting | undefined
  /** Results that the next one takes back. */
  given: readonly Result<R, K>[] | undefined = undefined
  /** Time of the latest event in a window without an end. */
  latest: number | undefined = undefined

  constructor(window: Window, key: K, accumulator: A, waiting: Waiting | undefined) {
    this.window = window
    this.key = key
    this.accumulator = accumulator
    this.waiting = waiting
  }

  /** Event time of its results, so that a second window of the same size puts them where they came from. */
  get time(): number {
    return this.latest ?? this.window.end - 1
  }

  /** Its window is gone: lets go of what may be large, because a queue may know the pane for some time to come. */
  release(): void {
    this.isOver = true
    this.accumulator = undefined as A
    this.given = undefined
  }

  /** It has become another window: what has left before was not of this one. */
  become(window: Window): void {
    this.waiting?.grow(this.window.end)
    this.window = window
    this.fired = 0
    this.nonSpeculative = 0
  }
}

/** What the next result has to take back of both, in the order of their windows. */
export function givenByBoth<K, R>(a: Pane<K, unknown, R>, b: Pane<K, unknown, R>): readonly Result<R, K>[] | undefined {
  if (a.given === undefined) return b.given
  if (b.given === undefined) return a.given
  return [...a.given, ...b.given].sort((one, other) => one.pane.window.start - other.pane.window.start)
}
