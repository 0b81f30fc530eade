import { TidemarkError } from '../errors.ts'
import { type Connect, ValueFlow } from './flow.ts'
import { Job } from '../job/job.ts'
import type { ValueReceiver } from '../receiver.ts'
import { Subscription } from '../rx.ts'

/** Where an operator or source hands what leaves a pipeline beside its main stream. */
export interface SideWriter<T> {
  write(value: T): void
  /** Tells that nothing more will be written. Has an effect once. */
  end(): void
}

/** One job's share of a side output. */
class Hub<T> {
  readonly receivers = new Set<ValueReceiver<T>>()
  writers = 0
  hasHadWriter = false
  /**
   * What was written while the job was being wired, by an observable that pushes at once. It reaches those who are wired after
   * it, too; `undefined` from the first turn on.
   */
  early: T[] | undefined = []
}

/**
 * A second way out of a pipeline, for what is late, unparsable or refused. Hand it to the operator that writes to it, and
 * subscribe to it like any observable: in the same job (`run` with several routes), or by itself, then it listens to the
 * job that runs now or to the next one that starts. It ends when all that write to it have ended or been torn down. It keeps
 * nothing: what nobody listens to is counted by the operator and gone.
 *
 * An output of events is a stream without watermarks until its end, because what is late has no completeness to declare.
 */
export class SideOutput<T> extends ValueFlow<T> {
  readonly name: string
  readonly #hubs = new WeakMap<Job, Hub<T>>()
  /** The jobs that write to it, the latest last. */
  #jobs: readonly Job[] = []
  /** Subscribed while no job was there to listen to. */
  readonly #waiting = new Set<(job: Job) => void>()

  constructor(name: string) {
    const connect: Connect<ValueReceiver<T>> = (receiver, job, teardown) => {
      const hub = this.#hub(job)
      for (const value of hub.early ?? []) receiver.value(value)
      hub.receivers.add(receiver)
      teardown.add(() => hub.receivers.delete(receiver))
      job.driver.afterTurn(() => {
        if (hub.hasHadWriter || !hub.receivers.has(receiver)) return
        throw new TidemarkError(
          'wiring',
          `${name}: expected an operator or source of the job to write to this output, got none`,
        )
      })
    }
    super(connect, (wire) => {
      const job = Job.current ?? this.#jobs.findLast(({ isOver }) => !isOver)
      if (job === undefined) this.#waiting.add(wire)
      else job.within(() => wire(job))
      return () => this.#waiting.delete(wire)
    })
    this.name = name
  }

  /** Joins a job as one that writes, until `teardown`. For operators and sources, while they are being wired. */
  open(job: Job, teardown: Subscription): SideWriter<T> {
    const hub = this.#hub(job)
    hub.writers += 1
    hub.hasHadWriter = true
    this.#jobs = [...this.#jobs.filter((other) => other !== job && !other.isOver), job]
    for (const wire of this.#waiting) job.within(() => wire(job))
    this.#waiting.clear()
    const ended = new Subscription(() => {
      hub.writers -= 1
      // What has ended may be followed by another that writes, as with `concat` and `repeat`.
      job.driver.afterTurn(() => this.#settle(job, hub))
    })
    teardown.add(ended)
    return {
      write(value) {
        hub.early?.push(value)
        for (const receiver of hub.receivers) receiver.value(value)
      },
      end() {
        ended.unsubscribe()
      },
    }
  }

  #settle(job: Job, hub: Hub<T>): void {
    if (hub.writers > 0) return
    this.#jobs = this.#jobs.filter((other) => other !== job)
    for (const receiver of hub.receivers) receiver.end()
    hub.receivers.clear()
  }

  #hub(job: Job): Hub<T> {
    const known = this.#hubs.get(job)
    if (known !== undefined) return known
    const hub = new Hub<T>()
    this.#hubs.set(job, hub)
    job.driver.afterTurn(() => (hub.early = undefined))
    return hub
  }
}

/**
 * Makes a side output.
 *
 * @param name for error messages: `late hits`
 * @example
 * const late = sideOutput<Event<Hit>>('late hits')
 * const perHour = hits.pipe(window(tumbling('1h'), count(), { late }), panes())
 */
export function sideOutput<T>(name: string): SideOutput<T> {
  return new SideOutput<T>(name)
}
