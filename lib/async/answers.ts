import type { AnyEvent } from '../element.ts'
import type { Unfinished } from '../job/driver-host.ts'
import type { Job } from '../job/job.ts'
import type { StreamReceiver } from '../receiver.ts'
import { Line, type Mark } from './line.ts'

/**
 * What follows an operator that waits for promises: hands on what has been answered and what was declared between, each in
 * its place, in turns of the job of its own.
 *
 * @typeParam I the events that are waited for
 * @typeParam O the events that go out
 */
export class Answers<I extends AnyEvent, O extends AnyEvent> implements StreamReceiver<O>, Unfinished {
  readonly order: number
  readonly #line: Line<() => void, I>
  readonly #receiver: StreamReceiver<O>
  readonly #job: Job
  /** Told when all has left. */
  readonly #onEnd: () => void
  /** Has been torn down, perhaps amid an event: nothing more happens. */
  isClosed = false

  constructor(isOrdered: boolean, receiver: StreamReceiver<O>, job: Job, onEnd: () => void) {
    this.#line = new Line(isOrdered)
    this.#receiver = receiver
    this.#job = job
    this.#onEnd = onEnd
    this.order = job.driver.nextOrder()
  }

  /** Keeps a place for an event in the line. The function returned is called once there is an answer, with what it does when it leaves. */
  place(event: I): (leave: () => void) => void {
    const answer = this.#line.place(event)
    return (leave) => {
      answer(leave)
      this.#job.driver.waiters.answer(this)
    }
  }

  /** What has not left, in order: the events, and the marks between them. That of the end is declared anew by each run. */
  waiting(): (I | Mark)[] {
    return [...this.#line.waiting()].filter((each) => each !== 'end')
  }

  /** Tells whether there is room for another event, and so whether anything may be pulled. */
  setFull(isFull: boolean): void {
    this.#job.driver.waiters.setFull(this, isFull && !this.isClosed)
  }

  /** Hands on what can leave, as long as there is room. */
  resume(): boolean {
    const { driver } = this.#job
    for (let next = this.#line.take(); next !== undefined; next = this.#line.take()) {
      this.#pass(next)
      if (this.isClosed) return true
      if (!driver.hasRoom(this)) return false
    }
    return true
  }

  /** An answer leaves. */
  event(event: O): void {
    this.#receiver.event(event)
  }

  watermark(time: number): void {
    this.mark(time)
  }

  idle(): void {
    this.mark('idle')
  }

  active(): void {
    this.mark('active')
  }

  end(): void {
    this.mark('end')
  }

  close(): void {
    this.isClosed = true
    this.#job.driver.waiters.remove(this)
  }

  /** What is declared leaves behind what has come before it. */
  mark(mark: Mark): void {
    // Without anything to wait for it is as if this were not here.
    if (this.#line.isEmpty) this.#pass(mark)
    else this.#line.mark(mark)
  }

  #pass(next: Mark | (() => void)): void {
    if (typeof next === 'function') next()
    else if (typeof next === 'number') this.#receiver.watermark(next)
    else this.#receiver[next]()
    if (next === 'end') this.#onEnd()
  }
}
