import * as fc from 'fast-check'
import { show, TidemarkError } from '../lib/errors.ts'
import { type Duration, toNonNegativeMillis, toPositiveMillis } from '../lib/time.ts'
import { type Arrival, inOrderOfArrival } from './arrival.ts'
import { type Cell, type Cells, smallerEvents } from './smaller-events.ts'

/** Options of `events`. */
export interface EventsOptions<T> {
  /** The values of the events. */
  readonly value: fc.Arbitrary<T>
  /** Length of event time that the events lie in, half of it before `around` and half of it after. */
  readonly span: Duration
  /** The middle of the events' times, epoch ms; 0 unless given, so that half of them are negative. */
  readonly around?: number
  /**
   * How far an event may arrive behind a later one; 0 unless given. No event is late for
   * `boundedOutOfOrderness(disorder)`, and every order of arrival of which that is true can come up.
   */
  readonly disorder?: Duration
  /** Lets some events arrive later than `disorder`, by up to this much; 0 unless given. */
  readonly lateness?: Duration
  /**
   * Where windows may begin and end: puts many times on multiples of it, or 1 ms before; or on and before these times, such as those
   * at which clocks change (`clockChanges`).
   */
  readonly edges?: Duration | readonly number[]
  /** The share of events that are an earlier one once more, as a producer sends that is not sure, from 0 to 1; 0 unless given. */
  readonly duplicates?: number
  /** Puts the time of an event into its value, for pipelines that find it there. */
  readonly stamp?: (value: T, time: number) => T
  /** The most events; 50 unless given. */
  readonly maxLength?: number
}

/** The options, in ms. */
interface Scale {
  readonly span: number
  readonly around: number
  readonly disorder: number
  readonly lateness: number
  readonly edges: number | readonly number[] | undefined
  readonly duplicates: number
  readonly maxLength: number
}

/**
 * Makes inputs whose events arrive out of order, with bursts, lulls and ties: an array in the order of arrival.
 *
 * A failing input shrinks to less disorder first, then to fewer events, then to times near `around`, then to smaller
 * values: what is left of the disorder is needed for the failure.
 *
 * @throws TidemarkError `invalid-duration` or `invalid-argument` for options that can't be met
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { events } from 'tidemark/property-tests'
 *
 * const hits = events({ value: fc.record({ page: fc.constantFrom('a', 'b') }), span: '4h', disorder: '60s', edges: '1h' })
 * ```
 */
export function events<T>(options: EventsOptions<T>): fc.Arbitrary<readonly Arrival<T>[]> {
  const { value, around = 0, disorder = 0, lateness = 0, edges, duplicates = 0, maxLength = 50 } = options
  if (!Number.isSafeInteger(around)) {
    throw new TidemarkError('invalid-time', `events: around must be whole milliseconds, got ${show(around)}`)
  }
  if (!Number.isSafeInteger(maxLength) || maxLength < 0) {
    throw new TidemarkError('invalid-argument', `events: maxLength must be a whole number >= 0, got ${show(maxLength)}`)
  }
  if (!(duplicates >= 0 && duplicates <= 1)) {
    throw new TidemarkError(
      'invalid-argument',
      `events: duplicates must be a share from 0 to 1, got ${show(duplicates)}`,
    )
  }
  return new EventsArbitrary(
    value,
    {
      span: toNonNegativeMillis(options.span, 'events: span'),
      around,
      disorder: toNonNegativeMillis(disorder, 'events: disorder'),
      lateness: toNonNegativeMillis(lateness, 'events: lateness'),
      edges: toEdges(edges),
      duplicates,
      maxLength,
    },
    options.stamp,
  )
}

/** An arbitrary of its own, because a tuple or an array of fast-check shrinks to fewer events first. */
class EventsArbitrary<T> extends fc.Arbitrary<readonly Arrival<T>[]> {
  readonly #value: fc.Arbitrary<T>
  readonly #scale: Scale
  readonly #stamp: EventsOptions<T>['stamp']

  constructor(value: fc.Arbitrary<T>, scale: Scale, stamp: EventsOptions<T>['stamp']) {
    super()
    this.#stamp = stamp
    this.#value = value
    this.#scale = scale
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<readonly Arrival<T>[]> {
    const { maxLength, duplicates } = this.#scale
    // Short inputs find most of what is wrong, and find it faster.
    const length = random.nextInt(0, random.nextInt(0, 1) === 0 ? Math.min(maxLength, 6) : maxLength)
    const times: number[] = []
    const cells: Cell<T>[] = []
    for (let i = 0; i < length; i++) {
      const first = duplicates > 0 ? cells[random.nextInt(0, Math.max(0, cells.length - 1))] : undefined
      const isAgain = duplicates > 0 && random.nextInt(1, 1_000) <= duplicates * 1_000
      const time = isAgain && first !== undefined ? first.time : timeAfter(times, this.#scale, random)
      times.push(time)
      const late = delay(this.#scale, random)
      const made = isAgain && first !== undefined ? first.made : this.#value.generate(random, biasFactor)
      cells.push({ time, delay: late, made })
    }
    return this.#asValue(cells)
  }

  /** An input that a user wrote down as an example stays as it is. */
  override canShrinkWithoutContext(_: unknown): _ is readonly Arrival<T>[] {
    return false
  }

  #asValue(unsorted: Cells<T>): fc.Value<readonly Arrival<T>[]> {
    const cells = inOrderOfArrival(unsorted)
    const stamp = this.#stamp
    return new fc.Value(
      cells.map(({ time, delay, made }) => ({
        value: stamp === undefined ? made.value : stamp(made.value, time),
        time,
        delay,
      })),
      cells,
    )
  }

  override shrink(_: readonly Arrival<T>[], context: unknown): fc.Stream<fc.Value<readonly Arrival<T>[]>> {
    if (context === undefined) return fc.Stream.nil()
    return fc
      .stream(smallerEvents(context as Cells<T>, this.#scale.around, this.#value))
      .map((cells) => this.#asValue(cells))
  }
}

/** Anywhere, or where an earlier event is, or near it, or on an edge: ties, bursts and boundaries. */
function timeAfter(times: readonly number[], { span, around, edges }: Scale, random: fc.Random): number {
  const least = around - Math.floor(span / 2)
  const most = around + Math.ceil(span / 2)
  const near = times[random.nextInt(0, Math.max(0, times.length - 1))]
  const kind = random.nextInt(0, 9)
  let time = random.nextInt(least, most)
  if (kind < 2 && near !== undefined) time = near
  else if (kind < 4 && near !== undefined) time = near + random.nextInt(0, Math.ceil(span / 50))
  else if (kind < 7 && edges !== undefined) time = edgeNear(time, edges, random) - random.nextInt(0, 1)
  // -0 becomes 0.
  return Math.min(most, Math.max(least, time)) + 0
}

function edgeNear(time: number, edges: number | readonly number[], random: fc.Random): number {
  if (typeof edges === 'number') return Math.round(time / edges) * edges
  return edges[random.nextInt(0, Math.max(0, edges.length - 1))] ?? time
}

function toEdges(edges: EventsOptions<unknown>['edges']): number | readonly number[] | undefined {
  return edges === undefined || typeof edges === 'object' ? edges : toPositiveMillis(edges, 'events: edges')
}

function delay({ disorder, lateness }: Scale, random: fc.Random): number {
  const kind = random.nextInt(0, 9)
  if (kind < 3 && lateness > 0) return disorder + random.nextInt(1, lateness)
  if (kind < 6) return 0
  return kind === 6 ? disorder : random.nextInt(0, disorder)
}
