import type { Observable } from 'rxjs'
import { Subscription } from './rx.ts'
import type { Job } from './job.ts'
import type { ValueReceiver } from './receiver.ts'

/** Where an RxJS observable pushes into a job. */
export interface Inlet {
  /** Nothing of the job is behind it, so that it ends by itself or when it is made to. */
  readonly isRoot: boolean
  /** Unsubscribes, and lets its receiver see the end. */
  end(): void
}

/** Subscribes to an observable, and hands what it pushes to a receiver in a job. */
export function connectPushed<T>(
  source: Observable<T>,
  receiver: ValueReceiver<T>,
  job: Job,
  teardown: Subscription,
): void {
  const subscription = new Subscription()
  teardown.add(subscription)
  const end = (): void => {
    subscription.unsubscribe()
    job.attempt(() => receiver.end())
  }
  const hasFlows = job.subscribes(() => {
    subscription.add(
      source.subscribe({
        next: (value) => job.attempt(() => receiver.value(value)),
        error: (error: unknown) => job.fail(error),
        complete: end,
      }),
    )
  })
  if (subscription.closed) return
  const inlet: Inlet = { isRoot: !hasFlows, end }
  job.inlets.add(inlet)
  subscription.add(() => job.inlets.delete(inlet))
}
