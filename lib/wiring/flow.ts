import type { Subscriber, Subscription, TeardownLogic } from 'rxjs'
import type { Element, Event, Stream } from '../element.ts'
import { connectPushed } from './pushed.ts'
import { Job } from '../job/job.ts'
import type { StreamReceiver, ValueReceiver } from '../receiver.ts'
import { Observable } from '../rx.ts'

// The one place where tidemark and RxJS meet. A flow is an observable that a neighbouring part of tidemark can connect to
// directly; whoever else subscribes to it gets RxJS notifications, and opens a job unless one is being wired.

/** Starts the flow into `receiver`, as part of `job`, until `teardown` is unsubscribed. */
export type Connect<R> = (receiver: R, job: Job, teardown: Subscription) => void

/** Calls `wire` with the job that a subscription from RxJS belongs to, now or when there is one. */
export type Join = (wire: (job: Job) => void) => TeardownLogic

/** An observable of plain values that tidemark's parts connect to directly. */
export class ValueFlow<T> extends Observable<T> {
  readonly connect: Connect<ValueReceiver<T>>

  constructor(connect: Connect<ValueReceiver<T>>, join: Join = Job.join) {
    super((subscriber) =>
      join((job) => {
        job.addOutlet(subscriber)
        connect({ value: (value) => subscriber.next(value), end: () => subscriber.complete() }, job, subscriber)
      }),
    )
    this.connect = connect
  }
}

/** A stream that tidemark's parts connect to directly. */
export class StreamFlow<T, K, P> extends Observable<Element<T, K, P>> {
  readonly connect: Connect<StreamReceiver<T, K, P>>
  /** Nothing is ever taken back. */
  readonly isInsertOnly: boolean

  constructor(connect: Connect<StreamReceiver<T, K, P>>, isInsertOnly: boolean) {
    super((subscriber) =>
      Job.join((job) => {
        job.addOutlet(subscriber)
        connect(new StreamOutlet(subscriber), job, subscriber)
      }),
    )
    this.connect = connect
    this.isInsertOnly = isInsertOnly
  }
}

/** Tells whether it is known of a stream that it never takes anything back. */
export function isInsertOnlyStream<T, K, P>(stream: Stream<T, K, P>): boolean {
  return isStreamFlow(stream) && stream.isInsertOnly
}

class StreamOutlet<T, K, P> implements StreamReceiver<T, K, P> {
  readonly #subscriber: Subscriber<Element<T, K, P>>

  constructor(subscriber: Subscriber<Element<T, K, P>>) {
    this.#subscriber = subscriber
  }

  event(event: Event<T, K, P>): void {
    this.#subscriber.next(event)
  }

  watermark(time: number): void {
    this.#subscriber.next({ kind: 'watermark', time })
  }

  idle(): void {
    this.#subscriber.next({ kind: 'idle' })
  }

  /** There is no element that says so: whoever gets elements waits for the next event. */
  active(): void {}

  end(): void {
    this.#subscriber.complete()
  }
}

/** Hands elements to a stream's receiver. */
class ElementReceiver<T, K, P> implements ValueReceiver<Element<T, K, P>> {
  readonly #receiver: StreamReceiver<T, K, P>

  constructor(receiver: StreamReceiver<T, K, P>) {
    this.#receiver = receiver
  }

  value(element: Element<T, K, P>): void {
    switch (element.kind) {
      case 'event':
        this.#receiver.event(element)
        break
      case 'watermark':
        this.#receiver.watermark(element.time)
        break
      case 'idle':
        this.#receiver.idle()
        break
    }
  }

  end(): void {
    this.#receiver.end()
  }
}

/** Connects a receiver to any observable of plain values. */
export function connectValues<T>(
  source: Observable<T>,
  receiver: ValueReceiver<T>,
  job: Job,
  teardown: Subscription,
): void {
  if (isValueFlow(source)) {
    source.connect(receiver, job, teardown)
    return
  }
  connectPushed(source, receiver, job, teardown)
}

/** Connects a receiver to any stream. */
export function connectStream<T, K, P>(
  source: Stream<T, K, P>,
  receiver: StreamReceiver<T, K, P>,
  job: Job,
  teardown: Subscription,
): void {
  if (isStreamFlow(source)) source.connect(receiver, job, teardown)
  else connectValues(source, new ElementReceiver(receiver), job, teardown)
}

function isValueFlow<T>(source: Observable<T>): source is ValueFlow<T> {
  return source instanceof ValueFlow
}

function isStreamFlow<T, K, P>(source: Stream<T, K, P>): source is StreamFlow<T, K, P> {
  return source instanceof StreamFlow
}
