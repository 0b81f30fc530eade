import * as fc from 'fast-check'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'
import { type Arrival, inOrderOfArrival } from './arrival.ts'
import { fewerEvents, lessDelay } from './smaller-events.ts'

/** Options of `recorded`. */
export interface RecordedOptions {
  /** How far events may arrive behind later ones, in place of how they did. */
  readonly disorder: Duration
}

/**
 * Makes other orders of arrival of events that were recorded: the same events at the same times, on their way for up to `disorder`.
 * A failing one shrinks to less disorder, then to fewer of the events.
 *
 * When to use it: with real events as a fixture, for `checkPipeline` in place of `events`: what if they had come otherwise?
 *
 * @throws TidemarkError `invalid-duration` for a disorder that is none
 */
export function recorded<T>(
  events: readonly Pick<Arrival<T>, 'value' | 'time'>[],
  { disorder }: RecordedOptions,
): fc.Arbitrary<readonly Arrival<T>[]> {
  return new RecordedArbitrary(events, toNonNegativeMillis(disorder, 'recorded: disorder'))
}

class RecordedArbitrary<T> extends fc.Arbitrary<readonly Arrival<T>[]> {
  readonly #events: readonly Pick<Arrival<T>, 'value' | 'time'>[]
  readonly #disorder: number

  constructor(events: readonly Pick<Arrival<T>, 'value' | 'time'>[], disorder: number) {
    super()
    this.#events = events
    this.#disorder = disorder
  }

  override generate(random: fc.Random): fc.Value<readonly Arrival<T>[]> {
    const most = this.#disorder
    const delay = (): number => (random.nextInt(0, 1) === 0 ? 0 : random.nextInt(0, most))
    return this.#asValue(this.#events.map(({ value, time }) => ({ value, time, delay: delay() })))
  }

  override canShrinkWithoutContext(_: unknown): _ is readonly Arrival<T>[] {
    return false
  }

  override shrink(_: readonly Arrival<T>[], context: unknown): fc.Stream<fc.Value<readonly Arrival<T>[]>> {
    if (context === undefined) return fc.Stream.nil()
    const events = context as readonly Arrival<T>[]
    return fc.stream([...lessDelay(events), ...fewerEvents(events)].values()).map((each) => this.#asValue(each))
  }

  #asValue(events: readonly Arrival<T>[]): fc.Value<readonly Arrival<T>[]> {
    const arranged = inOrderOfArrival(events)
    return new fc.Value(arranged, arranged)
  }
}
