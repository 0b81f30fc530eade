import TinyQueue from 'tinyqueue'
import type { Clock } from '../clock.ts'

interface Timer {
  readonly time: number
  /** Order in which timers were set: breaks ties, so that every run fires them alike. */
  readonly id: number
  readonly fire: (time: number) => void
  /** Has fired, or was called off. */
  isOver: boolean
}

/** Processing-time timers, fired by their owner in (time, id) order at moments it chooses. */
export class Timers {
  readonly #clock: Clock
  /** Called when the clock has reached the earliest timer. */
  readonly #onDue: () => void
  #queue: TinyQueue<Timer> = new TinyQueue([], inOrder)
  #nextId = 0
  /** Timers in the queue that were called off: they leave when they come to its head, or when they are the most of it. */
  #cancelled = 0
  /** The clock's alarm for the head of the queue. */
  #alarm: { readonly time: number; readonly cancel: () => void } | undefined

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /**
   * Sets a timer and returns a function that calls it off.
   *
   * @param time epoch ms of processing time; one that has passed fires at the next opportunity
   */
  set(time: number, fire: (time: number) => void): () => void {
    const timer: Timer = { time, id: this.#nextId++, fire, isOver: false }
    this.#queue.push(timer)
    this.#arm()
    return () => this.#cancel(timer)
  }

  /** Fires one timer that is due; false if there is none. */
  fireOne(): boolean {
    const timer = this.#peek()
    if (timer === undefined || timer.time > this.#clock.now()) return false
    this.#queue.pop()
    timer.isOver = true
    this.#arm()
    timer.fire(timer.time)
    return true
  }

  /** Calls everything off. */
  clear(): void {
    for (const timer of this.#queue.data) timer.isOver = true
    this.#queue = new TinyQueue([], inOrder)
    this.#cancelled = 0
    this.#arm()
  }

  #cancel(timer: Timer): void {
    if (timer.isOver) return
    timer.isOver = true
    this.#cancelled += 1
    if (this.#cancelled > 64 && this.#cancelled > this.#queue.length / 2) {
      this.#queue = new TinyQueue(
        this.#queue.data.filter((each) => !each.isOver),
        inOrder,
      )
      this.#cancelled = 0
    }
    this.#arm()
  }

  #peek(): Timer | undefined {
    let timer = this.#queue.peek()
    while (timer?.isOver === true) {
      this.#queue.pop()
      this.#cancelled -= 1
      timer = this.#queue.peek()
    }
    return timer
  }

  #arm(): void {
    const time = this.#peek()?.time
    if (time === this.#alarm?.time) return
    this.#alarm?.cancel()
    this.#alarm = undefined
    if (time === undefined) return
    const cancel = this.#clock.at(time, () => {
      this.#alarm = undefined
      this.#onDue()
    })
    this.#alarm = { time, cancel }
  }
}

function inOrder(a: Timer, b: Timer): number {
  return a.time - b.time || a.id - b.id
}
