import type { Observable } from 'rxjs'
import { Subscription } from '../rx.ts'
import type { Inlet } from '../job/inlet.ts'
import { Job } from '../job/job.ts'
import type { ValueReceiver } from '../receiver.ts'

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
  const next = (value: T): void => {
    // From a source of the job, in a turn of it: nothing has to be joined, nobody to be woken.
    if (Job.current !== job || job.isStopping) {
      job.attempt(() => receiver.value(value))
      return
    }
    try {
      receiver.value(value)
    } catch (error) {
      job.fail(error)
    }
  }
  const hasFlows = job.outlets.grow(() => {
    subscription.add(
      source.subscribe({
        next,
        error: (error: unknown) => job.fail(error),
        complete: end,
      }),
    )
  })
  if (hasFlows) job.fed.add(source)
  const isRoot = !job.fed.has(source)
  if (isRoot) job.checkpoints?.sayNotReplayable('an RxJS observable')
  const inlet: Inlet = { isRoot, end }
  job.inlets.add(inlet)
  // At once if it has ended already.
  subscription.add(() => job.inlets.delete(inlet))
}
