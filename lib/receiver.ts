import type { AnyEvent } from './element.ts'

// Neighbouring parts of a pipeline call each other through these two interfaces, without an RxJS subscriber in between:
// no notification is wrapped, no watermark allocated. Elements as objects exist where RxJS begins. An error is thrown; it
// travels up to the job, which tells every outlet.

/** Takes what an observable of plain values gives. */
export interface ValueReceiver<T> {
  value(value: T): void
  end(): void
}

/** Takes what a stream gives. `end` implies the watermark `+Infinity`. */
export interface StreamReceiver<E extends AnyEvent> {
  event(event: E): void
  watermark(time: number): void
  idle(): void
  /** Goes on after `idle`, though no event says so, because none has come out so far. */
  active(): void
  end(): void
}
