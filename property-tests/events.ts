import * as fc from 'fast-check'
import { show, TidemarkError } from '../lib/errors.ts'
import { type Duration, toNonNegativeMillis, toPositiveMillis } from '../lib/time.ts'
import { type Arrival, inOrderOfArrival } from './arrival.ts'

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
  /** Where windows may begin and end: puts many times on multiples of it, or 1 ms before. */
  readonly edges?: Duration
  /** The most events; 50 unless given. */
  readonly maxLength?: number
}

/** An arrival whose value is remembered with how it was made. */
interface Cell<T> {
  readonly time: number
  readonly delay: number
  readonly made: fc.Value<T>
}

type Cells<T> = readonly Cell<T>[]

/** The options, in ms. */
interface Scale {
  readonly span: number
  readonly around: number
  readonly disorder: number
  readonly lateness: number
  readonly edges: number | undefined
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
  const { value, around = 0, disorder = 0, lateness = 0, edges, maxLength = 50 } = options
  if (!Number.isSafeInteger(around)) {
    throw new TidemarkError('invalid-time', `events: around must be whole milliseconds, got ${show(around)}`)
  }
  if (!Number.isSafeInteger(maxLength) || maxLength < 0) {
    throw new TidemarkError('invalid-argument', `events: maxLength must be a whole number >= 0, got ${show(maxLength)}`)
  }
  return new ArrivalsArbitrary(value, {
    span: toNonNegativeMillis(options.span, 'events: span'),
    around,
    disorder: toNonNegativeMillis(disorder, 'events: disorder'),
    lateness: toNonNegativeMillis(lateness, 'events: lateness'),
    edges: edges === undefined ? undefined : toPositiveMillis(edges, 'events: edges'),
    maxLength,
  })
}

/** An arbitrary of its own, because a tuple or an array of fast-check shrinks to fewer events first. */
class ArrivalsArbitrary<T> extends fc.Arbitrary<readonly Arrival<T>[]> {
  readonly #value: fc.Arbitrary<T>
  readonly #scale: Scale

  constructor(value: fc.Arbitrary<T>, scale: Scale) {
    super()
    this.#value = value
    this.#scale = scale
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<readonly Arrival<T>[]> {
    const { maxLength } = this.#scale
    // Short inputs find most of what is wrong, and find it faster.
    const length = random.nextInt(0, random.nextInt(0, 1) === 0 ? Math.min(maxLength, 6) : maxLength)
    const times: number[] = []
    const cells: Cell<T>[] = []
    for (let i = 0; i < length; i++) {
      const time = timeAfter(times, this.#scale, random)
      times.push(time)
      cells.push({ time, delay: delay(this.#scale, random), made: this.#value.generate(random, biasFactor) })
    }
    return asValue(inOrderOfArrival(cells))
  }

  /** An input that a user wrote down as an example stays as it is. */
  override canShrinkWithoutContext(_: unknown): _ is readonly Arrival<T>[] {
    return false
  }

  override shrink(_: readonly Arrival<T>[], context: unknown): fc.Stream<fc.Value<readonly Arrival<T>[]>> {
    if (context === undefined) return fc.Stream.nil()
    return fc.stream(this.#smaller(context as Cells<T>)).map((cells) => asValue(inOrderOfArrival(cells)))
  }

  *#smaller(cells: Cells<T>): Generator<Cells<T>> {
    yield* lessDisorder(cells)
    yield* fewerEvents(cells)
    for (const [i, cell] of cells.entries()) {
      for (const time of towards(this.#scale.around, cell.time)) yield cells.with(i, { ...cell, time })
    }
    for (const [i, cell] of cells.entries()) {
      const { value_, context } = cell.made
      for (const made of this.#value.shrink(value_, context)) yield cells.with(i, { ...cell, made })
    }
  }
}

function asValue<T>(cells: Cells<T>): fc.Value<readonly Arrival<T>[]> {
  return new fc.Value(
    cells.map(({ time, delay, made }) => ({ value: made.value, time, delay })),
    cells,
  )
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
  else if (kind < 7 && edges !== undefined) time = Math.round(time / edges) * edges - random.nextInt(0, 1)
  // -0 becomes 0.
  return Math.min(most, Math.max(least, time)) + 0
}

function delay({ disorder, lateness }: Scale, random: fc.Random): number {
  const kind = random.nextInt(0, 9)
  if (kind < 3 && lateness > 0) return disorder + random.nextInt(1, lateness)
  if (kind < 6) return 0
  return kind === 6 ? disorder : random.nextInt(0, disorder)
}

/** All on time, or one half, or single ones on time, less delayed, or nearer to the others. */
function* lessDisorder<T>(cells: Cells<T>): Generator<Cells<T>> {
  const delayed = cells.flatMap((cell, i) => (cell.delay > 0 ? [i] : []))
  const half = Math.ceil(delayed.length / 2)
  const onTime = (which: readonly number[]): Cells<T> =>
    cells.map((cell, i) => (which.includes(i) ? { ...cell, delay: 0 } : cell))
  if (delayed.length > 1) yield onTime(delayed)
  if (delayed.length > 2) {
    yield onTime(delayed.slice(0, half))
    yield onTime(delayed.slice(half))
  }
  for (const [i, cell] of cells.entries()) {
    for (const delay of towards(0, cell.delay)) yield cells.with(i, { ...cell, delay })
  }
  yield* nearer(cells)
}

/** One behind another is less behind it: it comes nearer, or the other does. */
function* nearer<T>(cells: Cells<T>): Generator<Cells<T>> {
  let ahead: { readonly at: number; readonly time: number } | undefined
  for (const [i, cell] of cells.entries()) {
    if (ahead === undefined || cell.time >= ahead.time) {
      ahead = { at: i, time: cell.time }
      continue
    }
    const gap = ahead.time - cell.time
    for (const left of towards(0, gap)) {
      const closer = { ...cell, delay: Math.max(0, cell.delay - gap + left) }
      yield cells.with(i, { ...closer, time: ahead.time - left })
      yield cells.with(i, closer).with(ahead.at, { ...(cells[ahead.at] ?? cell), time: cell.time + left })
    }
  }
}

/** Without all, without either half, without a quarter, and so on down to single events. */
function* fewerEvents<T>(cells: Cells<T>): Generator<Cells<T>> {
  for (let size = cells.length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < cells.length; start += size) yield cells.toSpliced(start, size)
  }
}

/** Numbers from `target` on that come ever nearer to `from`. */
function* towards(target: number, from: number): Generator<number> {
  for (let gap = from - target; gap !== 0; gap = Math.trunc(gap / 2)) yield from - gap
}
