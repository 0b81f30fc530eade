// Laws of `temporalJoin`, over a stream and a table of several keys that arrive in any order, with watermarks that rise as they
// like:
//
// 1. What comes out, element by element and in order, and what is late, is what an oracle finds that keeps all there was and looks
//    through it at each step.
// 2. Every event that is not late leaves once, with the row that a batch over all changes that were taken until then finds,
//    however much of them has been freed.
// 3. Of what is not behind the watermark of its own input nothing is late, and what comes out is the batch over all of it in the
//    order of times, however the inputs and their watermarks interleave.
// 4. At every moment the ledger balances, and exactly that is held which the rules let nobody do without. In the end nothing is.
// 5. Chunks and the batch size change nothing.
// 6. With `versions: 'latest'` each event leaves at once with the change that came last, and one row a key is held.

import * as fc from 'fast-check'
import { tap } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { event, type Event, type Stream, watermark } from '../lib/element.ts'
import type { JobMetrics, OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { temporalJoin } from '../operators/temporal-join.ts'
import { runs } from './fixtures/runs.ts'
import { type Answer, type Cause, type Cell, rowAt, tableOracle } from './fixtures/table-oracle.ts'
import { type Fed, twoInputs } from './fixtures/two-inputs.ts'

interface Manner {
  readonly kind: 'inner' | 'left'
  readonly versions?: 'versioned' | 'latest'
  readonly batchSize?: number
  readonly chunkSize?: number
}

interface Outcome {
  /** What came out, and how many steps had been taken then. */
  readonly out: readonly { readonly element: Answer; readonly after: number }[]
  readonly late: readonly Cause[]
  /** The job before each step, and at its end. */
  readonly moments: readonly JobMetrics[]
}

const kinds = fc.constantFrom('inner', 'left')

const steps = fc.record({
  what: fc.constantFrom('event', 'event', 'row', 'row', 'delete', 'watermark', 'watermark of both'),
  input: fc.constantFrom('left', 'right'),
  key: fc.constantFrom('a', 'b'),
  /** Event time goes on by this much. */
  by: fc.nat({ max: 3 }),
  /** How far from there the time is. */
  off: fc.integer({ min: -8, max: 8 }),
})

/** Every value is like no other, so that each can be followed to where it comes out. */
const scripts: fc.Arbitrary<readonly Fed<Cell>[]> = fc.array(steps, { maxLength: 40, size: 'max' }).map((made) => {
  let now = 0
  return made.flatMap(({ what, input, key, by, off }, name): Fed<Cell>[] => {
    now += by
    const time = now + off
    if (what === 'event') return [{ input: 'left', element: event(name, time, key) }]
    if (what === 'row') return [{ input: 'right', element: event(name, time, key) }]
    if (what === 'delete') return [{ input: 'right', element: event(null, time, key) }]
    if (what === 'watermark') return [{ input, element: watermark(time) }]
    return [
      { input: 'left', element: watermark(time) },
      { input: 'right', element: watermark(time) },
    ]
  })
})

async function outcomeOf(fed: readonly Fed<Cell>[], manner: Manner): Promise<Outcome> {
  const { kind, versions = 'versioned', batchSize = 1_024, chunkSize = 1_024 } = manner
  const out: { element: Answer; after: number }[] = []
  const late: Cause[] = []
  const moments: JobMetrics[] = []
  const lateOnes = sideOutput<Event<Cell, string, undefined>>('late')
  const script = fromIterable(fed, { chunkSize }).pipe(tap(() => moments.push(job.metrics())))
  const { left, right } = twoInputs(script, true) as Record<'left' | 'right', Stream<Cell, string, undefined>>
  const join = left.pipe(
    temporalJoin(right, { kind, versions, lateLeft: lateOnes, lateRight: lateOnes }),
    tap((element) => void out.push({ element, after: moments.length })),
  )
  const job = run([route(join, () => {}), route(lateOnes, (element) => void late.push(element))], {
    clock: new VirtualClock(),
    batchSize,
  })
  moments.push(await job.done)
  return { out, late, moments }
}

test('1: what comes out, and what is late, is what the oracle finds', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, kinds, async (fed, kind) => {
      const { out, late } = await outcomeOf(fed, { kind })
      const expected = tableOracle(fed, kind === 'left')
      expect(out.map(({ element }) => element)).toEqual(expected.flatMap((step) => step.out))
      expect(late).toEqual(expected.flatMap((step) => step.late))
    }),
    runs,
  )
})

test('2: what is not late leaves once, with the row that a batch over all that was taken finds', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, kinds, async (fed, kind) => {
      const { out, late } = await outcomeOf(fed, { kind })
      const takenOf = (input: string, until: number): Cause[] =>
        fed.slice(0, until).flatMap((each) => {
          const { element } = each
          return each.input === input && element.kind === 'event' && !late.includes(element) ? [element] : []
        })
      const answered = new Set<Cell>()
      for (const { element, after } of out) {
        if (element.kind !== 'event') continue
        const { left, right } = element.value
        expect(answered.has(left)).toBe(false)
        answered.add(left)
        expect(right).toBe(rowAt(takenOf('right', after), element.key, element.time))
      }
      const came = takenOf('left', fed.length).map(({ value }) => value)
      if (kind === 'left') expect(answered).toEqual(new Set(came))
      else for (const value of answered) expect(came).toContain(value)
    }),
    runs,
  )
})

test('3: what is on time comes to the batch over all of it, however the inputs interleave', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, kinds, async (made, kind) => {
      const fed = onTime(made)
      const { out, late } = await outcomeOf(fed, { kind })
      expect(late).toEqual([])
      const changes = eventsOf(fed, 'right')
      const batch = eventsOf(fed, 'left')
        .toSorted((a, b) => a.time - b.time)
        .map(({ value, key, time }) => event({ left: value, right: rowAt(changes, key, time) }, time, key))
        .filter(({ value }) => kind === 'left' || value.right !== undefined)
      expect(out.flatMap(({ element }) => (element.kind === 'event' ? [element] : []))).toEqual(batch)
      let promised = -Infinity
      for (const { element } of out) {
        if (element.kind === 'event') expect(element.time).toBeGreaterThanOrEqual(promised)
        if (element.kind === 'watermark') promised = element.time
      }
    }),
    runs,
  )
})

test('4: the ledger balances at every moment, and no more is held than has to be', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, kinds, fc.integer({ min: 1, max: 5 }), async (fed, kind, batchSize) => {
      const { moments, late } = await outcomeOf(fed, { kind, batchSize })
      const expected = [0, ...tableOracle(fed, kind === 'left').map(({ held }) => held)]
      for (const [i, metrics] of moments.slice(0, -1).entries()) {
        expect(metrics.balanced).toBe(true)
        const { held, entries } = joinOf(metrics)
        expect({ held, entries }).toEqual({ held: expected[i], entries: expected[i] })
      }
      expectNothingLeft(fed, late, moments)
    }),
    runs,
  )
})

test('5: chunks and batches change nothing', async () => {
  const sizes = fc.record({ batchSize: fc.integer({ min: 1, max: 4 }), chunkSize: fc.integer({ min: 1, max: 4 }) })
  const versions = fc.constantFrom('versioned', 'latest')
  await fc.assert(
    fc.asyncProperty(scripts, kinds, versions, sizes, async (fed, kind, which, manner) => {
      const { out, late } = await outcomeOf(fed, { kind, versions: which, ...manner })
      const whole = await outcomeOf(fed, { kind, versions: which })
      expect({ out: out.map(({ element }) => element), late }).toEqual({
        out: whole.out.map(({ element }) => element),
        late: whole.late,
      })
    }),
    runs,
  )
})

test('6: with the latest version each event leaves at once, with what came last', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, kinds, async (fed, kind) => {
      const { out, late, moments } = await outcomeOf(fed, { kind, versions: 'latest' })
      const rows = new Map<string, number>()
      const expected: unknown[] = []
      const held: number[] = []
      for (const [i, { input, element }] of fed.entries()) {
        held.push(rows.size)
        if (element.kind !== 'event') continue
        const { value, key, time } = element
        if (input === 'left') {
          const answer = event({ left: value, right: rows.get(key) }, time, key)
          if (kind === 'left' || rows.has(key)) expected.push({ element: answer, after: i + 1 })
        } else if (value === null) rows.delete(key)
        else rows.set(key, value)
      }
      expect(late).toEqual([])
      expect(out.filter(({ element }) => element.kind === 'event')).toEqual(expected)
      expect(moments.every(({ balanced }) => balanced)).toBe(true)
      expect(moments.slice(0, -1).map((metrics) => joinOf(metrics).held)).toEqual(held)
      expectNothingLeft(fed, late, moments)
    }),
    runs,
  )
})

function expectNothingLeft(fed: readonly Fed<Cell>[], late: readonly Cause[], moments: readonly JobMetrics[]): void {
  const came = fed.filter(({ element }) => element.kind === 'event').length
  expect(moments.at(-1)?.balanced).toBe(true)
  expect(joinOf(moments.at(-1))).toMatchObject({
    in: came,
    contributed: came - late.length,
    late: late.length,
    held: 0,
    entries: 0,
  })
}

function joinOf(metrics: JobMetrics | undefined): OperatorMetrics {
  const join = metrics?.operators.find(({ name }) => name === 'temporalJoin')
  if (join === undefined) throw new Error('expected a join, got none')
  return join
}

/** Leaves out what is behind the watermark of its own input. */
function onTime(fed: readonly Fed<Cell>[]): readonly Fed<Cell>[] {
  const reached = { left: -Infinity, right: -Infinity }
  return fed.filter(({ input, element }) => {
    if (element.kind === 'event') return element.time >= reached[input]
    if (element.kind === 'watermark') reached[input] = Math.max(reached[input], element.time)
    return true
  })
}

function eventsOf(fed: readonly Fed<Cell>[], side: Fed<Cell>['input']): Cause[] {
  return fed.flatMap(({ input, element }) => (input === side && element.kind === 'event' ? [element] : []))
}
