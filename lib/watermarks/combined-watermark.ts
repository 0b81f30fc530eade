import { show, TidemarkError } from '../errors.ts'

/** Active, and part of the minimum. */
export const counted = 0
/** Active again after idleness, but its watermark is still behind the combined one. */
export const behind = 1
export const idle = 2
/** Its watermark is `+Infinity`, so it holds nothing back. */
const done = 3
const ended = 4

/** What there is to know of a combined watermark. */
export interface CombinedRecord {
  readonly states: readonly number[]
  readonly times: readonly number[]
  readonly time: number
}

/**
 * The watermark of several inputs taken together: the minimum over the active ones.
 *
 * - An idle input does not count, and its watermarks are ignored; the first event makes it active again. If it is then
 *   behind the combined watermark it does not count until it has caught up, so the combined one never goes back.
 * - An input that is at its end counts as `+Infinity`.
 * - When no input is active any more, but not all are at their end, the whole is idle, and the largest watermark of any input
 *   is released: what is held back then does not depend on the order in which inputs went quiet.
 *
 * The rules are those of Flink's StatusWatermarkValve but for the last: there the largest one is released only if the input
 * that turned idle last had held back the others.
 *
 * Each call costs O(log inputs) at most and allocates nothing. All inputs are active at first; others may come and go.
 */
export class CombinedWatermark {
  #states: Uint8Array
  /** Of each input the highest watermark while it was active. */
  #times: Float64Array
  /** A tournament: inputs at n to 2n - 1, the lower of nodes 2i and 2i + 1 at i. Inputs that don't count are `+Infinity`. */
  #lowest: Float64Array
  /** Inputs that were removed, whose numbers are free. */
  readonly #free: number[] = []
  /** The highest of `#times`. */
  #highest = -Infinity
  #active: number
  #idle = 0
  #ended = 0
  #time = -Infinity
  #isIdle = false

  /**
   * @param inputs how many; they are numbered from 0
   * @throws TidemarkError `invalid-argument` unless `inputs` is a whole number > 0
   */
  constructor(inputs: number) {
    if (!Number.isSafeInteger(inputs) || inputs <= 0) {
      throw new TidemarkError(
        'invalid-argument',
        `CombinedWatermark: inputs must be a whole number > 0, got ${show(inputs)}`,
      )
    }
    this.#states = new Uint8Array(inputs).fill(counted)
    this.#times = new Float64Array(inputs).fill(-Infinity)
    this.#lowest = new Float64Array(2 * inputs).fill(-Infinity)
    this.#active = inputs
  }

  /** The combined watermark, epoch ms; `-Infinity` at first, `+Infinity` when all inputs are at their end. Never goes back. */
  get time(): number {
    return this.#time
  }

  /** No input is active, and not all are at their end. */
  get isIdle(): boolean {
    return this.#isIdle
  }

  /** `end` was called for every input. */
  get hasEnded(): boolean {
    return this.#ended === this.#states.length
  }

  /** Is to be made `active` before its next event. */
  isIdleInput(input: number): boolean {
    return this.#states[input] === idle
  }

  /** The highest watermark of an input while it was active. */
  timeOf(input: number): number {
    return this.#timeOf(input)
  }

  /** Adds an active input, and returns its number. It counts at once, as if its watermark were the combined one. */
  add(): number {
    const input = this.#free.pop() ?? this.#grow()
    this.#times[input] = this.#time
    this.#active += 1
    this.#states[input] = counted
    this.#count(input, this.#time)
    this.#settle()
    return input
  }

  save(): CombinedRecord {
    return { states: [...this.#states], times: [...this.#times], time: this.#time }
  }

  /** Takes back what another one of as many inputs has saved. */
  load({ states, times, time }: CombinedRecord): void {
    this.#states.set(states)
    this.#times.set(times)
    this.#time = time
    this.#highest = Math.max(...times)
    this.#idle = states.filter((state) => state === idle).length
    this.#active = states.filter((state) => state <= behind).length
    // What has ended ends anew, when its source says so.
    for (const [input, state] of states.entries()) if (state === ended) this.#states[input] = done
    this.#isIdle = this.#active === 0 && this.#idle > 0
    for (const [input, state] of states.entries())
      this.#count(input, state === counted ? (times[input] ?? Infinity) : Infinity)
  }

  // Each of these returns whether `time`, `isIdle` or `hasEnded` has changed by it.

  /** Raises the watermark of an input; a lower or equal one has no effect, nor has any on an idle input but `+Infinity`. */
  watermark(input: number, time: number): boolean {
    if (time === Infinity) return this.#finish(input)
    if (this.#stateOf(input) > behind || !(time > this.#timeOf(input))) return false
    this.#times[input] = time
    if (time > this.#highest) this.#highest = time
    if (time < this.#time) return false
    this.#states[input] = counted
    if (this.#states.length === 1) {
      // The ordinary case, for every event of a pipeline: there is nothing to compare with.
      this.#lowest[1] = time
      this.#time = time
      return true
    }
    this.#count(input, time)
    return this.#settle()
  }

  /** Declares an input idle. */
  idle(input: number): boolean {
    if (this.#stateOf(input) > behind) return false
    this.#states[input] = idle
    this.#active -= 1
    this.#idle += 1
    this.#count(input, Infinity)
    return this.#settle()
  }

  /** Makes an idle input active, because an event of it has come. */
  active(input: number): boolean {
    if (this.#stateOf(input) !== idle) return false
    const time = this.#timeOf(input)
    const isBehind = time < this.#time
    this.#states[input] = isBehind ? behind : counted
    this.#active += 1
    this.#idle -= 1
    if (!isBehind) this.#count(input, time)
    return this.#settle()
  }

  /** Declares that an input has come to its end, which implies the watermark `+Infinity`. */
  end(input: number): boolean {
    if (this.#stateOf(input) === ended) return false
    const hasChanged = this.#finish(input)
    this.#states[input] = ended
    this.#ended += 1
    return hasChanged || this.hasEnded
  }

  /** Takes an input out. Its number may be that of another one from now on. */
  remove(input: number): boolean {
    this.#free.push(input)
    return this.#finish(input)
  }

  /** Makes room for as many inputs again; returns the first of their numbers, the others of which are free. */
  #grow(): number {
    const size = this.#states.length
    const old = { states: this.#states, times: this.#times, lowest: this.#lowest }
    this.#states = new Uint8Array(2 * size).fill(done)
    this.#states.set(old.states)
    this.#times = new Float64Array(2 * size).fill(-Infinity)
    this.#times.set(old.times)
    this.#lowest = new Float64Array(4 * size).fill(Infinity)
    for (let input = 0; input < size; input++) this.#count(input, old.lowest[size + input] ?? Infinity)
    for (let input = 2 * size - 1; input > size; input--) this.#free.push(input)
    return size
  }

  #finish(input: number): boolean {
    const state = this.#stateOf(input)
    if (state >= done) return false
    this.#states[input] = done
    if (state === idle) this.#idle -= 1
    else this.#active -= 1
    this.#count(input, Infinity)
    return this.#settle()
  }

  #stateOf(input: number): number {
    return this.#states[input] ?? ended
  }

  #timeOf(input: number): number {
    return this.#times[input] ?? Infinity
  }

  /** Lets an input count with `time`, and carries it up as far as it makes a difference. */
  #count(input: number, time: number): void {
    const lowest = this.#lowest
    let node = this.#states.length + input
    lowest[node] = time
    while (node > 1) {
      const lower = Math.min(lowest[node] ?? Infinity, lowest[node ^ 1] ?? Infinity)
      node >>>= 1
      if (lowest[node] === lower) return
      lowest[node] = lower
    }
  }

  #settle(): boolean {
    const isIdle = this.#active === 0 && this.#idle > 0
    const time = this.#reached()
    const hasChanged = time > this.#time || isIdle !== this.#isIdle
    this.#isIdle = isIdle
    this.#time = time
    return hasChanged
  }

  /** Never less than `#time`, because an input does not count while it is behind. */
  #reached(): number {
    if (this.#active === 0) return this.#idle > 0 ? this.#highest : Infinity
    const lowest = this.#lowest[1] ?? Infinity
    // All that are active are behind: nothing counts, and nothing moves.
    return lowest === Infinity ? this.#time : lowest
  }
}
