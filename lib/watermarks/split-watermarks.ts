import type { SplitRecord } from '../checkpoint/job-record.ts'
import type { Split } from '../split.ts'
import { behind, CombinedWatermark, counted, idle } from './combined-watermark.ts'
import type { WatermarkGenerator, WatermarkStrategy } from './watermark-strategy.ts'

/** A split that has been opened and not closed. */
interface LiveSplit<T> {
  readonly split: Split | undefined
  /** Its number among the inputs of the combined watermark. */
  readonly input: number
  readonly generator: WatermarkGenerator<T>
  /** Processing time of its last event, or of what else showed that it is not silent. */
  seen: number
}

/**
 * The watermarks of the splits of a stream, and the lowest of those that are not idle. Holds one generator a split, from its
 * opening to its closing.
 *
 * - A split that is opened counts at once, and holds the watermark where it is until its own is beyond. It never goes back.
 * - One that was idle and is behind then does not count until it has caught up, as with any input.
 * - When the last one is closed, the highest watermark there was is released: what is held back then does not depend on the order of closing.
 */
export class SplitWatermarks<T> {
  readonly #strategy: WatermarkStrategy<T>
  readonly #inputs: CombinedWatermark
  readonly #live = new Map<Split, LiveSplit<T>>()
  /** The values of no split. Idle until there is one. */
  readonly #rest: LiveSplit<T>
  /** The split of the last event, so that most need not be looked up. */
  #last: LiveSplit<T>
  /** The inputs of splits that the last run has left and that have not been opened yet. Those of a source are, before its first event. */
  readonly #recovered = new Map<string, number>()

  /**
   * @param generator of what has come so far, without a split
   * @param time the watermark that stands
   */
  constructor(
    strategy: WatermarkStrategy<T>,
    generator: WatermarkGenerator<T>,
    time: number,
    recovered: readonly SplitRecord[] = [],
  ) {
    this.#strategy = strategy
    this.#inputs = new CombinedWatermark(1 + recovered.length)
    const states = recovered.map(({ watermark, isIdle }) => (isIdle ? idle : watermark < time ? behind : counted))
    const times = recovered.map(({ watermark }) => watermark)
    this.#inputs.load({ states: [idle, ...states], times: [time, ...times], time })
    for (const [index, { id }] of recovered.entries()) this.#recovered.set(id, 1 + index)
    this.#rest = { split: undefined, input: 0, generator, seen: -Infinity }
    this.#last = this.#rest
  }

  /** The lowest watermark, epoch ms. */
  get time(): number {
    return this.#inputs.time
  }

  /** None is active, whether there are any or not. */
  get isIdle(): boolean {
    return this.#inputs.isIdle
  }

  get size(): number {
    return this.#live.size
  }

  /** Opens a split, unless it is open. */
  open(split: Split, now: number): LiveSplit<T> {
    const known = this.#live.get(split)
    if (known !== undefined) return known
    const input = this.#takeRecovered(split.id) ?? this.#inputs.add()
    const opened = { split, input, generator: this.#strategy.create(), seen: now }
    this.#live.set(split, opened)
    return opened
  }

  /** Closes a split, if it is open. */
  close(split: Split): void {
    const closed = this.#live.get(split)
    if (closed === undefined) return
    this.#live.delete(split)
    if (this.#last === closed) this.#last = this.#rest
    this.#inputs.remove(closed.input)
  }

  /** Sees an event of a split, and says the watermark that follows it. */
  onEvent(split: Split | undefined, value: T, time: number, now: number): number {
    const inputs = this.#inputs
    if (this.#recovered.size > 0) this.#forget()
    if (this.#last.split !== split) this.#last = split === undefined ? this.#rest : this.open(split, now)
    const { input, generator } = this.#last
    this.#last.seen = now
    // First, because what it throws must not leave anything half done.
    const watermark = generator.onEvent(value, time)
    if (inputs.isIdleInput(input)) inputs.active(input)
    inputs.watermark(input, watermark)
    return inputs.time
  }

  /**
   * Declares idle what has been silent for `timeout` ms.
   *
   * @param isWaiting something of a split, or of none, is at hand, so that it is not silent
   * @returns when to look again, if no event comes; `Infinity` if all are idle
   */
  look(now: number, timeout: number, isWaiting: (split: Split | undefined) => boolean): number {
    let next = this.#lookAt(this.#rest, now, timeout, isWaiting)
    for (const live of this.#live.values()) next = Math.min(next, this.#lookAt(live, now, timeout, isWaiting))
    return next
  }

  /** Declares all of them idle. */
  silence(): void {
    this.#inputs.idle(0)
    for (const { input } of this.#live.values()) this.#inputs.idle(input)
  }

  /** What checkpoints keep: of those that the next run will have too. */
  save(): SplitRecord[] {
    const inputs = this.#inputs
    const records: SplitRecord[] = []
    for (const { split, input } of this.#live.values()) {
      if (split?.id === undefined) continue
      records.push({ id: split.id, watermark: inputs.timeOf(input), isIdle: inputs.isIdleInput(input) })
    }
    return records
  }

  #takeRecovered(id: string | undefined): number | undefined {
    if (id === undefined) return undefined
    const input = this.#recovered.get(id)
    this.#recovered.delete(id)
    return input
  }

  /** Lets go of what the source has not got any more. */
  #forget(): void {
    for (const input of this.#recovered.values()) this.#inputs.remove(input)
    this.#recovered.clear()
  }

  #lookAt(live: LiveSplit<T>, now: number, timeout: number, isWaiting: (split: Split | undefined) => boolean): number {
    const { split, input } = live
    if (this.#inputs.isIdleInput(input)) return Infinity
    if (isWaiting(split)) live.seen = now
    if (live.seen + timeout > now) return live.seen + timeout
    this.#inputs.idle(input)
    return Infinity
  }
}
