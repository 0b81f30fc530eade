/** What would have come of a bound. Times are in ms. */
export interface Trial {
  readonly bound: number
  /** Events that come too late. */
  readonly late: number
  /** By how much event time has to go on until a result may leave, on average. */
  readonly delay: number
  /** Events that are ahead of the watermark at once, at most: what waits for it. */
  readonly held: number
}

/** The end of the last window of an event, from which on it is late; for events that stand for themselves just behind them. */
export type EndOf = (time: number) => number

/** Event times in the order in which they came, tried with one bound after the other. */
export class Trials {
  readonly #times: readonly number[]
  readonly #endOf: EndOf
  /** Each time that was later than all before it. */
  readonly #rises: readonly number[]
  /** How far behind the latest before it an event has come, at most. */
  readonly furthest: number
  /** Events that came behind another that is later. */
  readonly outOfOrder: number

  constructor(times: readonly number[], endOf: EndOf) {
    this.#times = times
    this.#endOf = endOf
    const rises: number[] = []
    let latest = -Infinity
    let furthest = 0
    let outOfOrder = 0
    for (const time of times) {
      if (time > latest) {
        latest = time
        rises.push(time)
      } else if (time < latest) {
        outOfOrder += 1
        furthest = Math.max(furthest, latest - time)
      }
    }
    this.#rises = rises
    this.furthest = furthest
    this.outOfOrder = outOfOrder
  }

  of(bound: number): Trial {
    let late = 0
    let latest = -Infinity
    const waiting = new Waiting(bound)
    for (const time of this.#times) {
      if (this.#endOf(time) <= latest - bound) late += 1
      if (time > latest) latest = time
      waiting.add(time, latest)
    }
    return { bound, late, delay: this.#delay(bound), held: waiting.most }
  }

  /** From each time until one came that is so much later: a sparse log waits for longer than the bound. */
  #delay(bound: number): number {
    const rises = this.#rises
    let sum = 0
    let count = 0
    let next = 0
    for (const time of rises) {
      while (next < rises.length && (rises[next] ?? 0) < time + bound) next += 1
      const later = rises[next]
      if (later === undefined) break
      sum += later - time
      count += 1
    }
    return count === 0 ? bound : sum / count
  }
}

/** Parts that the span from the watermark to the latest event is divided into. */
const parts = 256

/** Counts events between the watermark and the latest, to the 256th part of that span. */
class Waiting {
  most = 0
  readonly #bound: number
  readonly #width: number
  /** Events of each part, one behind the other and over again. */
  readonly #counts = new Uint32Array(2 * parts)
  #first = -Infinity
  #count = 0

  constructor(bound: number) {
    this.#bound = bound
    this.#width = Math.max(1, bound / parts)
  }

  add(time: number, latest: number): void {
    const first = this.#partOf(latest - this.#bound)
    if (this.#first === -Infinity) this.#first = first
    const until = Math.min(first, this.#first + this.#counts.length)
    for (let part = this.#first; part < until; part++) this.#clear(part)
    this.#first = Math.max(first, this.#first)
    if (time < latest - this.#bound) return
    const at = this.#place(this.#partOf(time))
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#count += 1
    if (this.#count > this.most) this.most = this.#count
  }

  #clear(part: number): void {
    const at = this.#place(part)
    this.#count -= this.#counts[at] ?? 0
    this.#counts[at] = 0
  }

  #partOf(time: number): number {
    return Math.floor(time / this.#width)
  }

  /** Also of a negative part. */
  #place(part: number): number {
    const { length } = this.#counts
    return ((part % length) + length) % length
  }
}
