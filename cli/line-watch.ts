import type { MonoTypeOperatorFunction } from 'rxjs'
import { noRecord, type Parser, Unparsable } from '../adapters/format/parser.ts'
import type { Line } from '../adapters/line/line.ts'
import type { Element, Event } from '../lib/element.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { Key } from '../operators/key-by.ts'
import type { Fields } from './field.ts'
import type { Probe } from './probe.ts'

/** What has become of a line. */
export type Fate =
  | { readonly kind: 'refused'; readonly reason: string }
  /** It is a header, or `--where` has left it out. */
  | { readonly kind: 'left out' }
  | { readonly kind: 'event'; readonly time: number; readonly watermark: Watermark; readonly isLate: boolean }

/** A line that was asked for. */
export interface Found {
  readonly line: Line
  readonly fate: Fate
}

/** How far event time had come, and why. */
export interface Watermark {
  /** Epoch ms. */
  readonly time: number
  /** The line that had moved it there; `undefined` if none had, but an input that ended or was silent. */
  readonly mover: Mover | undefined
}

/** A line that is further in event time than those of its source before it. */
export interface Mover {
  readonly source: string
  readonly number: number
  readonly time: number
}

type TimedEvent = Event<Fields, Key, undefined>

/**
 * Watches lines on their way to the windows. Each goes all the way before the next one is parsed, which is how it is known which line an
 * event is of. Holds the first lines that were asked for, and the place of the line of each source that is furthest in event time.
 */
export class LineWatch implements Probe {
  readonly #isAsked: (line: Line) => boolean
  readonly #most: number
  #line: Line | undefined
  readonly #disorder: number
  readonly #furthest = new Map<string, Mover>()
  #watermark: Watermark = { time: -Infinity, mover: undefined }
  /** Those that became events, by their records: that they are late may show only later. */
  readonly #arrived = new Map<Fields, number>()
  /** The first of them, in the order in which they came. */
  readonly found: Found[] = []
  /** How many there are. */
  count = 0

  /**
   * @param disorder ms that the watermark of a source is behind its furthest event
   * @param most lines that are kept
   */
  constructor(disorder: number, most: number, isAsked: (line: Line) => boolean) {
    this.#disorder = disorder
    this.#isAsked = isAsked
    this.#most = most
  }

  parser(of: Parser<Fields>): Parser<Fields> {
    return {
      name: of.name,
      parse: (line) => {
        this.#line = line
        const record = of.parse(line)
        if (record === noRecord) this.#tell(line, { kind: 'left out' })
        else if (record instanceof Unparsable) this.#tell(line, { kind: 'refused', reason: record.reason })
        return record
      },
    }
  }

  readonly events: MonoTypeOperatorFunction<Element<Fields, Key, undefined>> = (source) =>
    defineOperator<TimedEvent, TimedEvent>([source], {
      name: 'watch',
      create: (context) => ({
        onEvent: (event) => {
          const line = this.#line
          if (line !== undefined && this.#isAsked(line)) {
            if (this.count < this.#most) this.#arrived.set(event.value, this.count)
            this.#tell(line, { kind: 'event', time: event.time, watermark: this.#watermark, isLate: false })
          }
          context.emit(event)
          if (line !== undefined) this.#see(line, event.time)
        },
        onWatermark: (time) => {
          // Of several sources the one furthest behind says how far it is.
          const mover = [...this.#furthest.values()].find((furthest) => furthest.time - this.#disorder === time)
          this.#watermark = { time, mover }
          return true
        },
      }),
    })

  /** An event was late for all its windows. */
  late(event: TimedEvent): void {
    const index = this.#arrived.get(event.value) ?? -1
    const { line, fate } = this.found[index] ?? {}
    if (line !== undefined && fate?.kind === 'event') this.found[index] = { line, fate: { ...fate, isLate: true } }
  }

  /** The line at hand has no time. */
  untimed(reason: string): void {
    if (this.#line !== undefined) this.#tell(this.#line, { kind: 'refused', reason })
  }

  #see({ source, number }: Line, time: number): void {
    const furthest = this.#furthest.get(source)
    if (furthest === undefined || furthest.time < time) this.#furthest.set(source, { source, number, time })
  }

  #tell(line: Line, fate: Fate): void {
    if (!this.#isAsked(line)) return
    if (this.count < this.#most) this.found.push({ line, fate })
    this.count += 1
  }
}
