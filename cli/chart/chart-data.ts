import type { Timing, Window } from '../../lib/window.ts'
import type { Result } from '../rows.ts'
import { Sampled } from './sampled.ts'

/** An event: when it happened, and as the how manieth it came. */
export interface Point {
  readonly time: number
  readonly arrival: number
}

/** What became of an event: in time, behind the watermark and still counted, or too late for every window. */
export type Fate = 'in time' | 'behind' | 'late'

/** A result: of which window it is, and how many events had come when it left. */
export interface ChartPane {
  readonly window: Window
  readonly timing: Timing
  readonly arrival: number
  /** The number to write on it, if there is one for the whole window. */
  readonly value: number | undefined
}

/** What a chart is drawn from. Holds a bounded sample of each, which is all of them if they are few. */
export class ChartData {
  readonly points: Readonly<Record<Fate, Sampled<Point>>> = {
    'in time': new Sampled(),
    behind: new Sampled(),
    late: new Sampled(),
  }
  /** Each rise of the watermark; `time` is where it came to. */
  readonly watermarks: Sampled<Point> = new Sampled()
  readonly panes: Sampled<ChartPane> = new Sampled()
  /** Hears of each event. */
  onChange: () => void = () => {}
  /** Events so far. */
  arrived: number = 0
  /** Of all event times. */
  first: number = Infinity
  last: number = -Infinity
  /** Keys are not told apart, so that what is of one key does not stand for its window. */
  readonly #hasKeys: boolean
  readonly #behind = new WeakMap<object, Point>()

  constructor(hasKeys: boolean) {
    this.#hasKeys = hasKeys
  }

  event(record: object, time: number, watermark: number): void {
    this.arrived += 1
    if (time < this.first) this.first = time
    if (time > this.last) this.last = time
    const point = { time, arrival: this.arrived }
    if (time >= watermark) this.points['in time'].add(point)
    else {
      this.points.behind.add(point)
      this.#behind.set(record, point)
    }
    this.onChange()
  }

  watermark(time: number): void {
    this.watermarks.add({ time, arrival: this.arrived })
  }

  /** An event that came before was too late for every window. */
  late(record: object): void {
    const point = this.#behind.get(record)
    if (point !== undefined) this.points.late.add(point)
  }

  pane({ window, timing, value, diff }: Result): void {
    if (diff === -1) return
    const [first] = value
    const shown = !this.#hasKeys && typeof first === 'number' ? first : undefined
    this.panes.add({ window, timing, arrival: this.arrived, value: shown })
  }
}
