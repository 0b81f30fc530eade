// Laws of `intervalJoin`, over two inputs of several keys that arrive in any order, with watermarks that rise as they like:
//
// 1. What comes out, element by element and in order, and what is late, is what an oracle finds that goes through all pairs of
//    events at each step. So each event without a partner leaves exactly once, and never with one as well.
// 2. Of what is not behind the watermark of its own input, the pairs are those of two nested loops over all of it, and what is
//    alone is the rest, however the inputs and their watermarks interleave.
// 3. An inner join gives the same for inputs that may take values back and do not.
// 4. What comes out of inputs that do take values back is what the oracle finds; and insertions minus retractions are in the
//    end the pairs of what stands.
// 5. At every moment the ledger balances, and where nothing may be taken back exactly the events are held that may still be
//    paired. In the end nothing is held.
// 6. Chunks and the batch size change nothing.
// 7. Nothing leaves behind the watermark that came out, unless something came in behind the one that came in.
// 8. Of a side that a kind preserves, each event there ever was is in pairs, or leaves alone exactly once, and never both; however
//    late it is.

import * as fc from 'fast-check'
import { tap } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { event, watermark } from '../lib/element.ts'
import type { JobMetrics, OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { intervalJoin } from '../operators/interval-join.ts'
import { type Change, type Interval, intervalOracle, type Pair } from './fixtures/interval-oracle.ts'
import { runs } from './fixtures/runs.ts'
import { type Fed, twoInputs } from './fixtures/two-inputs.ts'

interface Outcome {
  readonly out: readonly Pair[]
  readonly late: readonly Change[]
  /** The job before each step, and at its end. */
  readonly moments: readonly JobMetrics[]
}

interface Manner {
  readonly isInsertOnly: boolean
  readonly batchSize?: number
  readonly chunkSize?: number
}

const kinds = fc.constantFrom('inner', 'left', 'right', 'full')
const intervals: fc.Arbitrary<Interval> = fc
  .record({ kind: kinds, lower: fc.integer({ min: -9, max: 9 }), length: fc.nat({ max: 9 }) })
  .map(({ kind, lower, length }) => ({ kind, lower, upper: lower + length }))

const steps = fc.record({
  what: fc.constantFrom('insert', 'insert', 'insert', 'retract', 'watermark', 'watermark of both'),
  input: fc.constantFrom('left', 'right'),
  key: fc.constantFrom('a', 'b'),
  value: fc.nat({ max: 2 }),
  /** Event time goes on by this much. */
  by: fc.nat({ max: 4 }),
  /** How far from there the time is. */
  off: fc.integer({ min: -8, max: 8 }),
  which: fc.nat(),
})

/** Scripts that take back, or not, what they gave before. */
function scripts(takesBack: boolean): fc.Arbitrary<readonly Fed<number>[]> {
  return fc.array(steps, { maxLength: 40, size: 'max' }).map((made) => {
    const live: Fed<number>[] = []
    let now = 0
    return made.flatMap(({ what, input, key, value, by, off, which }): Fed<number>[] => {
      now += by
      const time = now + off
      if (what === 'watermark') return [{ input, element: watermark(time) }]
      if (what === 'watermark of both') return bothReach(time)
      if (what === 'insert' || !takesBack) {
        const inserted = { input, element: event(value, time, key) }
        live.push(inserted)
        return [inserted]
      }
      const [taken] = live.splice(which % live.length, 1)
      return taken?.element.kind === 'event' ? [{ ...taken, element: { ...taken.element, diff: -1 } }] : []
    })
  })
}

const insertions = scripts(false)
const changes = scripts(true)

function bothReach(time: number): Fed<number>[] {
  return [
    { input: 'left', element: watermark(time) },
    { input: 'right', element: watermark(time) },
  ]
}

async function outcomeOf(
  fed: readonly Fed<number>[],
  { kind, lower, upper }: Interval,
  { isInsertOnly, batchSize = 1_024, chunkSize = 1_024 }: Manner,
): Promise<Outcome> {
  const out: Pair[] = []
  const late: Change[] = []
  const moments: JobMetrics[] = []
  const lateOnes = sideOutput<Change>('late')
  const script = fromIterable(fed, { chunkSize }).pipe(tap(() => moments.push(job.metrics())))
  const { left, right } = twoInputs(script, isInsertOnly)
  const options = { kind: kind as 'inner', lateLeft: lateOnes, lateRight: lateOnes }
  const job = run(
    [
      route(left.pipe(intervalJoin(right, lower, upper, options)), (element) => void out.push(element)),
      route(lateOnes, (element) => void late.push(element)),
    ],
    { clock: new VirtualClock(), batchSize },
  )
  moments.push(await job.done)
  return { out, late, moments }
}

test('1: what comes out, and what is late, is what the oracle finds', async () => {
  await fc.assert(
    fc.asyncProperty(insertions, intervals, async (fed, interval) => {
      const { out, late } = await outcomeOf(fed, interval, { isInsertOnly: true })
      const expected = intervalOracle(fed, interval)
      expect(out).toEqual(expected.flatMap((step) => step.out))
      expect(late).toEqual(expected.flatMap((step) => step.late))
    }),
    runs,
  )
})

test('2: of what is on time it is what nested loops over all of it find, however the inputs interleave', async () => {
  await fc.assert(
    fc.asyncProperty(insertions, intervals, async (made, interval) => {
      const fed = onTime(made)
      const { out, late } = await outcomeOf(fed, interval, { isInsertOnly: true })
      expect(late).toEqual([])
      expect(namesOf(out)).toEqual(nestedLoops(fed, interval).toSorted())
    }),
    runs,
  )
})

test('3: an inner join of what may be taken back, and is not, is the same', async () => {
  await fc.assert(
    fc.asyncProperty(insertions, intervals, async (fed, { lower, upper }) => {
      const interval = { kind: 'inner', lower, upper } as const
      const { out, late } = await outcomeOf(fed, interval, { isInsertOnly: false })
      const same = await outcomeOf(fed, interval, { isInsertOnly: true })
      expect({ out, late }).toEqual({ out: same.out, late: same.late })
    }),
    runs,
  )
})

test('4: what is taken back takes its pairs back, and what is left are the pairs of what stands', async () => {
  await fc.assert(
    fc.asyncProperty(changes, intervals, async (fed, { lower, upper }) => {
      const interval = { kind: 'inner', lower, upper } as const
      const { out, late } = await outcomeOf(fed, interval, { isInsertOnly: false })
      const expected = intervalOracle(fed, interval)
      expect(out).toEqual(expected.flatMap((step) => step.out))
      expect(late).toEqual(expected.flatMap((step) => step.late))
      // Without watermarks nothing is late.
      const all = fed.filter(({ element }) => element.kind === 'event')
      const unbounded = await outcomeOf(all, interval, { isInsertOnly: false })
      expect(standing(unbounded.out)).toEqual(nestedLoops(standingOf(all), interval).toSorted())
    }),
    runs,
  )
})

test('5: the ledger balances at every moment, and what is held is what may still be paired', async () => {
  await fc.assert(
    fc.asyncProperty(insertions, intervals, fc.integer({ min: 1, max: 5 }), async (fed, interval, batchSize) => {
      const { moments, late } = await outcomeOf(fed, interval, { isInsertOnly: true, batchSize })
      const open = [0, ...intervalOracle(fed, interval).map((step) => step.open)]
      for (const [i, metrics] of moments.slice(0, -1).entries()) {
        expect(metrics.balanced).toBe(true)
        const { held, entries } = joinOf(metrics)
        expect({ held, entries }).toEqual({ held: open[i], entries: open[i] })
      }
      const came = fed.filter(({ element }) => element.kind === 'event').length
      expect(joinOf(moments.at(-1))).toMatchObject({
        in: came,
        contributed: came - late.length,
        late: late.length,
        held: 0,
        entries: 0,
      })
    }),
    runs,
  )
})

test('5: so it does with retractions', async () => {
  await fc.assert(
    fc.asyncProperty(changes, intervals, async (fed, { lower, upper }) => {
      const { moments } = await outcomeOf(fed, { kind: 'inner', lower, upper }, { isInsertOnly: false })
      expect(moments.every(({ balanced }) => balanced)).toBe(true)
      expect(joinOf(moments.at(-1))).toMatchObject({ held: 0, entries: 0 })
    }),
    runs,
  )
})

test('6: chunks and batches change nothing', async () => {
  const sizes = fc.record({ batchSize: fc.integer({ min: 1, max: 4 }), chunkSize: fc.integer({ min: 1, max: 4 }) })
  await fc.assert(
    fc.asyncProperty(insertions, intervals, sizes, async (fed, interval, manner) => {
      const { out, late } = await outcomeOf(fed, interval, { isInsertOnly: true, ...manner })
      const whole = await outcomeOf(fed, interval, { isInsertOnly: true })
      expect({ out, late }).toEqual({ out: whole.out, late: whole.late })
    }),
    runs,
  )
})

test('7: nothing leaves behind the watermark that came out', async () => {
  await fc.assert(
    fc.asyncProperty(insertions, intervals, async (made, interval) => {
      const { out } = await outcomeOf(onTime(made), interval, { isInsertOnly: true })
      let promised = -Infinity
      for (const element of out) {
        if (element.kind === 'event') expect(element.time).toBeGreaterThanOrEqual(promised)
        if (element.kind === 'watermark') promised = element.time
      }
    }),
    runs,
  )
})

test('8: each event of a side that is preserved is paired, or alone once', async () => {
  await fc.assert(
    fc.asyncProperty(insertions, intervals, async (made, interval) => {
      // Each has a name of its own.
      const fed = made.map(({ input, element }, name): Fed<number> =>
        element.kind === 'event' ? { input, element: { ...element, value: name } } : { input, element },
      )
      const { out } = await outcomeOf(fed, interval, { isInsertOnly: true })
      const rows = out.flatMap((each) => (each.kind === 'event' ? [each.value] : []))
      for (const side of ['left', 'right'] as const) {
        if (interval.kind !== side && interval.kind !== 'full') continue
        const other = side === 'left' ? 'right' : 'left'
        for (const [name, { input, element }] of fed.entries()) {
          if (input !== side || element.kind !== 'event') continue
          const partners = rows.filter((row) => row[side] === name).map((row) => row[other])
          expect(partners.length).toBeGreaterThan(0)
          if (partners.includes(undefined)) expect(partners).toEqual([undefined])
        }
      }
    }),
    runs,
  )
})

function joinOf(metrics: JobMetrics | undefined): OperatorMetrics {
  const join = metrics?.operators.find(({ name }) => name === 'intervalJoin')
  if (join === undefined) throw new Error('expected a join, got none')
  return join
}

/** Leaves out what is behind the watermark of its own input. */
function onTime(fed: readonly Fed<number>[]): readonly Fed<number>[] {
  const reached = { left: -Infinity, right: -Infinity }
  return fed.filter(({ input, element }) => {
    if (element.kind === 'event') return element.time >= reached[input]
    if (element.kind === 'watermark') reached[input] = Math.max(reached[input], element.time)
    return true
  })
}

/** All pairs there are, and what is in none, by name. */
function nestedLoops(fed: readonly Fed<number>[], { kind, lower, upper }: Interval): string[] {
  const eventsOf = (side: string): Change[] =>
    fed.flatMap(({ input, element }) => (input === side && element.kind === 'event' ? [element] : []))
  const lefts = eventsOf('left')
  const rights = eventsOf('right')
  const areNear = (left: Change, right: Change): boolean =>
    left.key === right.key && right.time - left.time >= lower && right.time - left.time <= upper
  const pairs = lefts.flatMap((left) =>
    rights
      .filter((right) => areNear(left, right))
      .map((right) => nameOf(left.key, Math.max(left.time, right.time), left.value, right.value)),
  )
  const aloneLeft = lefts.filter((left) => !rights.some((right) => areNear(left, right)))
  const aloneRight = rights.filter((right) => !lefts.some((left) => areNear(left, right)))
  if (kind === 'left' || kind === 'full')
    pairs.push(...aloneLeft.map(({ key, time, value }) => nameOf(key, time, value, undefined)))
  if (kind === 'right' || kind === 'full')
    pairs.push(...aloneRight.map(({ key, time, value }) => nameOf(key, time, undefined, value)))
  return pairs
}

function nameOf(key: string, time: number, left: number | undefined, right: number | undefined): string {
  return `${key}:${left},${right}@${time}`
}

function namesOf(out: readonly Pair[]): string[] {
  return out
    .flatMap((each) => (each.kind === 'event' ? [nameOf(each.key, each.time, each.value.left, each.value.right)] : []))
    .toSorted()
}

/** What insertions leave when each retraction has taken one away that is equal, by name. */
function standing(out: readonly Pair[]): string[] {
  const left: string[] = []
  for (const each of out) {
    const [name] = namesOf([each])
    if (each.kind !== 'event' || name === undefined) continue
    if (each.diff === 1) left.push(name)
    else expect(left.splice(left.indexOf(name), 1)).toEqual([name])
  }
  return left.toSorted()
}

/** The insertions that are not taken back. */
function standingOf(fed: readonly Fed<number>[]): readonly Fed<number>[] {
  const left: Fed<number>[] = []
  for (const each of fed) {
    const { element } = each
    if (element.kind !== 'event' || element.diff === 1) {
      left.push(each)
      continue
    }
    const { key, value, time } = element
    const at = left.findLastIndex(
      (other) =>
        other.input === each.input &&
        other.element.kind === 'event' &&
        other.element.key === key &&
        other.element.value === value &&
        other.element.time === time,
    )
    left.splice(at, 1)
  }
  return left
}
