import type { Subscriber, Subscription, TeardownLogic } from 'rxjs'
import type { AnyEvent, EventStream, Idle, Watermark } from '../element.ts'
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
        job.outlets.add(subscriber)
        connect({ value: (value) => subscriber.next(value), end: () => subscriber.complete() }, job, subscriber)
      }),
    )
    this.connect = connect
  }
}

/** A stream that tidemark's parts connect to directly. */
export class StreamFlow<E extends AnyEvent> extends Observable<E | Watermark | Idle> {
  readonly connect: Connect<StreamReceiver<E>>
  /** Nothing is ever taken back. */
  readonly isInsertOnly: boolean

  constructor(connect: Connect<StreamReceiver<E>>, isInsertOnly: boolean) {
    super((subscriber) =>
      Job.join((job) => {
        job.outlets.add(subscriber)
        connect(new StreamOutlet(subscriber), job, subscriber)
      }),
    )
    this.connect = connect
    this.isInsertOnly = isInsertOnly
  }
}

/** Tells whether it is known of a stream that it never takes anything back. */
export function isInsertOnlyStream<E extends AnyEvent>(stream: EventStream<E>): boolean {
  return isStreamFlow(stream) && stream.isInsertOnly
}

class StreamOutlet<E extends AnyEvent> implements StreamReceiver<E> {
  readonly #subscriber: Subscriber<E | Watermark | Idle>

  constructor(subscriber: Subscriber<E | Watermark | Idle>) {
    this.#subscriber = subscriber
  }

  event(event: E): void {
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
class ElementReceiver<E extends AnyEvent> implements ValueReceiver<E | Watermark | Idle> {
  readonly #receiver: StreamReceiver<E>

  constructor(receiver: StreamReceiver<E>) {
    this.#receiver = receiver
  }

  value(element: E | Watermark | Idle): void {
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
export function connectStream<E extends AnyEvent>(
  source: EventStream<E>,
  receiver: StreamReceiver<E>,
  job: Job,
  teardown: Subscription,
): void {
  if (isStreamFlow(source)) source.connect(receiver, job, teardown)
  else connectValues(source, new ElementReceiver(receiver), job, teardown)
}

function isValueFlow<T>(source: Observable<T>): source is ValueFlow<T> {
  return source instanceof ValueFlow
}

function isStreamFlow<E extends AnyEvent>(source: EventStream<E>): source is StreamFlow<E> {
  return source instanceof StreamFlow
}
