import type { Aggregate } from '../aggregate.ts'
import { type AccumulatorShape, accumulatorShape } from '../aggregates/accumulator-shape.ts'
import { type Diff, event, type Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Machine, OperatorContext } from '../wiring/machine.ts'
import type { SideWriter } from '../wiring/side-output.ts'
import { KeyStore } from './key-store.ts'
import type { KeyState } from './key-state.ts'
import { revise } from './revise.ts'

/** Settings of a running aggregate, validated. */
export interface RunningSettings<T, A, R> {
  readonly aggregate: Aggregate<T, A, R>
  /** How far behind the watermark events are still taken, ms; `Number.MAX_VALUE` for all until the end of the input. */
  readonly keep: number
}

/** A result that revises the one before. */
type Revision<R, K> = Event<R, K, undefined, Diff>

interface RunningState<K, A, R> extends KeyState<K> {
  accumulator: A
  /** Values that have not been taken back. */
  size: number
  /** Events it was made of, retractions too. */
  events: number
  /** The result that stands. */
  given: Revision<R, K> | undefined
}

/** Accumulator, size, events, and time and value of the result. */
type SavedRunning<A, R> = readonly [A, number, number, number, R]

/**
 * Aggregates each key's events over all of the stream, and revises the key's result with each. A key is freed when its values
 * have all been taken back, or when every event so old as its latest one would be late.
 */
export class RunningMachine<T, K, P, D extends Diff, A, R> implements Machine<Event<T, K, P, D>> {
  private readonly context: OperatorContext<Revision<R, K>>
  private readonly aggregate: Aggregate<T, A, R>
  private readonly keep: number
  private readonly late: SideWriter<Event<T, K, P, D>> | undefined
  private readonly store: KeyStore<K, RunningState<K, A, R>>
  private readonly shape: AccumulatorShape
  readonly saved: SavedState
  private heldEvents = 0
  private contributedEvents = 0

  constructor(
    { aggregate, keep }: RunningSettings<T, A, R>,
    context: OperatorContext<Revision<R, K>>,
    late: SideWriter<Event<T, K, P, D>> | undefined,
  ) {
    this.context = context
    this.aggregate = aggregate
    this.keep = keep
    this.late = late
    this.store = new KeyStore(keep, context.dirty)
    this.shape = accumulatorShape(aggregate, context.isInsertOnly)
    this.saved = {
      version: 1,
      shape: this.shape,
      ...this.store.saved({
        save: ({ accumulator, size, events, given }) => [accumulator, size, events, given?.time, given?.value],
        load: (key, saved, latest) => this.load(key, saved as SavedRunning<A, R>, latest),
        count: (saved) => (this.heldEvents += eventsOf(saved)),
        paging: { expire: (saved) => this.contribute(eventsOf(saved)) },
      }),
    }
  }

  onEvent(cause: Event<T, K, P, D>): void {
    const { key, time, diff } = cause
    // Judged by its own time alone: a retraction is late whenever what it takes back was, and whenever that has been freed.
    if (time + this.keep < this.context.watermark) {
      this.context.counters.late += 1
      this.late?.write(cause)
      return
    }
    const state = diff === 1 ? this.add(cause) : this.takeBack(cause)
    state.latest = Math.max(state.latest, time)
    state.events += 1
    this.heldEvents += 1
    this.store.touch(state)
    const { given } = state
    // Complete before anything leaves, which may come back as an event.
    if (state.size > 0) state.given = event<R, K, undefined, Diff>(this.aggregate.result(state.accumulator), time, key)
    else {
      state.given = undefined
      this.store.remove(state)
      this.free(state)
    }
    revise(this.context, given, state.given)
  }

  onWatermark(time: number): boolean {
    while (this.store.expireOne(time, this.free)) if (!this.context.hasRoom()) return false
    if (time === Infinity && this.store.expireCold() > 0) this.contribute(this.heldEvents)
    return true
  }

  held(): number {
    return this.heldEvents
  }

  entries(): number {
    return this.store.size
  }

  contributed(): number {
    return this.contributedEvents
  }

  private add({ key, value, time }: Event<T, K, P, D>): RunningState<K, A, R> {
    const state = this.store.get(key) ?? this.open(key, time)
    state.accumulator = this.aggregate.add(state.accumulator, value, time)
    state.size += 1
    return state
  }

  private takeBack({ key, value, time }: Event<T, K, P, D>): RunningState<K, A, R> {
    const { aggregate } = this
    if (aggregate.retract === undefined) {
      throw new TidemarkError(
        'unsupported',
        `${aggregate.name} can't take a retraction back; give it a 'retract' function`,
      )
    }
    const state = this.store.get(key)
    if (state === undefined) {
      throw new TidemarkError('unsupported', `expected to take back a value that is there, got ${show(value)}`)
    }
    state.accumulator = aggregate.retract(state.accumulator, value, time)
    state.size -= 1
    return state
  }

  private load(key: K, [saved, size, events, time, value]: SavedRunning<A, R>, latest: number): RunningState<K, A, R> {
    const given = event<R, K, undefined, Diff>(value, time, key)
    const accumulator = this.shape.restore(saved) as A
    return { key, accumulator, size, events, latest, given, number: 0, isChanged: false }
  }

  private open(key: K, time: number): RunningState<K, A, R> {
    const accumulator = this.aggregate.create(this.context.isInsertOnly)
    const state: RunningState<K, A, R> = {
      key,
      accumulator,
      size: 0,
      events: 0,
      latest: time,
      given: undefined,
      number: 0,
      isChanged: false,
    }
    this.store.add(state)
    return state
  }

  private readonly free = (state: RunningState<K, A, R>): void => {
    this.contribute(state.events)
  }

  /** So many events are held no more. */
  private contribute(events: number): void {
    this.heldEvents -= events
    this.contributedEvents += events
  }
}

function eventsOf(saved: unknown): number {
  const [, , events] = saved as SavedRunning<unknown, unknown>
  return events
}
