import { type Diff, event as eventOf, type Event } from '../element.ts'
import { TidemarkError } from '../errors.ts'
import type { Job } from '../job/job.ts'
import { Timers } from '../job/timers.ts'
import { callbackError } from '../callback-error.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import type { Answers } from './answers.ts'
import { savedValue } from '../checkpoint/saved-parts.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { AsyncFailure } from './async-failure.ts'
import { Call, type CallSettings, type Outcome } from './call.ts'
import { Fifo } from './fifo.ts'
import type { Mark } from './line.ts'

/** Settings of an operator that waits for promises, validated. */
export interface AsyncSettings<T, R> extends CallSettings<T, R> {
  /** Events whose call has begun and whose answer has not left, at most. */
  readonly capacity: number
}

/** An event by value, time, key and pane, or a mark. */
type SavedItem<T, K, P> = readonly [T, number, K, P] | Mark

/**
 * Makes a call for each event, so many at a time. What comes while it is full waits; that is little, because the job pulls
 * nothing then, and bounded by its buffer limit where something pushes.
 */
export class AsyncMachine<T, R, K, P> implements Machine<Event<T, K, P, Diff>> {
  readonly saved: SavedState
  readonly #settings: AsyncSettings<T, R>
  readonly #context: OperatorContext<Event<R, K, P>>
  readonly #answers: Answers<Event<T, K, P>, Event<R, K, P>>
  readonly #errors: SideWriter<AsyncFailure<T, K, P>> | undefined
  readonly #job: Job
  /** Of its own, because a call must come to its end also while the job's timers have to wait for it. */
  readonly #timers: Timers
  readonly #calls = new Set<Call<T, R>>()
  /** What begins the calls that wait, in the order of arrival. */
  readonly #waiting = new Fifo<() => void>()
  #inFlight = 0

  constructor(
    settings: AsyncSettings<T, R>,
    context: OperatorContext<Event<R, K, P>>,
    answers: Answers<Event<T, K, P>, Event<R, K, P>>,
    errors: SideWriter<AsyncFailure<T, K, P>> | undefined,
    job: Job,
  ) {
    this.#settings = settings
    this.#context = context
    this.#answers = answers
    this.#errors = errors
    this.#job = job
    this.saved = {
      version: 1,
      // What waits for an answer changes all the time, and is not much.
      ...savedValue(
        () => answers.waiting().map(saved),
        (items: readonly SavedItem<T, K, P>[]) => this.#load(items),
      ),
      // Nothing is asked before the job is at work.
      loaded: () => job.driver.afterTurn(() => this.#advance()),
    }
    this.#timers = new Timers(job.clock, () =>
      job.attempt(() => {
        while (this.#timers.fireOne());
      }),
    )
  }

  onEvent(event: Event<T, K, P, Diff>): void {
    if (!isInsertion(event)) throw new TidemarkError('unsupported', 'expected insertions only, got a retraction')
    const answer = this.#answers.place(event)
    if (this.#hasRoom()) {
      this.#call(event, answer)
      this.#look()
      return
    }
    this.#waiting.push(() => this.#call(event, answer))
    const { bufferLimit } = this.#job.limits
    if (this.#waiting.size <= bufferLimit) return
    throw new TidemarkError(
      'overflow',
      `expected at most ${bufferLimit} events to wait for a call, got more from a source that can't be held back; ` +
        `read it through an adapter, or raise 'bufferLimit'`,
    )
  }

  held(): number {
    return this.#inFlight + this.#waiting.size
  }

  /** Breaks off all calls. What they were made for stays held. */
  close(): void {
    for (const call of this.#calls) call.abort()
    this.#calls.clear()
  }

  /** Lets all that had no answer wait for one again, and what was declared between for that. */
  #load(items: readonly SavedItem<T, K, P>[]): void {
    for (const item of items) {
      if (typeof item !== 'object') this.#answers.mark(item)
      else {
        const [value, time, key, pane] = item
        const event = eventOf<T, K, P>(value, time, key, 1, pane)
        const answer = this.#answers.place(event)
        this.#waiting.push(() => this.#call(event, answer))
      }
    }
  }

  #call(event: Event<T, K, P>, answer: (leave: () => void) => void): void {
    this.#inFlight += 1
    const host = {
      clock: this.#job.clock,
      timers: this.#timers,
      attempt: (work: () => void) => this.#job.attempt(work),
      fail: (error: unknown) => this.#job.fail(callbackError(error, this.#context.id, event)),
    }
    const call = new Call(event.value, this.#settings, host, (outcome) => {
      this.#calls.delete(call)
      answer(() => this.#leave(event, outcome, call.attempts))
    })
    this.#calls.add(call)
    call.start()
  }

  #leave(event: Event<T, K, P>, outcome: Outcome<R>, attempts: number): void {
    if (outcome.isAnswer) {
      this.#inFlight -= 1
      this.#context.emit(eventOf(outcome.value, event.time, event.key, 1, event.pane))
    } else {
      const { error } = outcome
      if (this.#errors === undefined) throw callbackError(error, this.#context.id, event)
      this.#inFlight -= 1
      this.#context.counters.refused += 1
      this.#errors.write({ event, error, attempts })
    }
    this.#advance()
  }

  /** Lets those that wait begin, as far as there is room. */
  #advance(): void {
    while (this.#hasRoom() && this.#waiting.size > 0) this.#waiting.shift()?.()
    this.#look()
  }

  #hasRoom(): boolean {
    return this.#inFlight < this.#settings.capacity && !this.#answers.isClosed
  }

  #look(): void {
    this.#answers.setFull(!this.#hasRoom())
  }
}

function isInsertion<T, K, P>(event: Event<T, K, P, Diff>): event is Event<T, K, P> {
  return event.diff === 1
}

function saved<T, K, P>(item: Event<T, K, P> | Mark): SavedItem<T, K, P> {
  return typeof item === 'object' ? [item.value, item.time, item.key, item.pane] : item
}
