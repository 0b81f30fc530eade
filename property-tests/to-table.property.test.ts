// Laws of `toTable`, over upserts and deletes of several keys that arrive in any order, with watermarks that rise as they like:
//
// 1. What comes out, and what is late, is what a replay finds that goes by the rules and looks through all there was at each step.
// 2. What comes out folds to a table at every element: nothing is taken back that is not there, and no key has two rows.
// 3. Without a `keep` the table is that of the last changes to come; with `outOfOrder: 'ignore'`, of what is ahead of the
//    watermark, that of the latest changes, however they were shuffled.
// 4. However few elements a turn may take, the same comes out, every event is accounted for, and in the end nothing is held.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Diff, type Element, event, type Event, watermark } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { toTable } from '../operators/to-table.ts'
import { fewer, runs } from './fixtures/runs.ts'

type Cause = Event<number | null, string, undefined>
type Input = Element<number | null, string, undefined>
type Row = Event<number, string, undefined, Diff>
type Output = Element<number, string, undefined, Diff>

interface Manner {
  readonly outOfOrder: 'arrival' | 'ignore'
  readonly keep: number | 'forever'
}

interface Outcome {
  readonly elements: readonly Output[]
  readonly late: readonly Cause[]
  readonly metrics: OperatorMetrics | undefined
}

const manners: fc.Arbitrary<Manner> = fc.record({
  outOfOrder: fc.constantFrom('arrival', 'ignore'),
  keep: fc.oneof(fc.constant('forever' as const), fc.nat({ max: 15 })),
})

const changes: fc.Arbitrary<Cause> = fc
  .record({
    key: fc.constantFrom('a', 'b', 'c'),
    value: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.constant(null)),
    time: fc.nat({ max: 25 }),
  })
  .map(({ key, value, time }) => event(value, time, key))

const inputs: fc.Arbitrary<readonly Input[]> = fc.array(
  fc.oneof({ weight: 4, arbitrary: changes }, { weight: 1, arbitrary: fc.nat({ max: 25 }).map(watermark) }),
  { maxLength: 40, size: 'max' },
)

async function outcomeOf(input: readonly Input[], manner: Manner, batchSize = 1_024): Promise<Outcome> {
  const late = sideOutput<Cause>('late')
  const elements: Output[] = []
  const lateOnes: Cause[] = []
  const table = fromIterable(input).pipe(toTable({ ...manner, late }))
  const metrics = await run(
    [route(table, (element) => void elements.push(element)), route(late, (element) => void lateOnes.push(element))],
    { clock: new VirtualClock(), batchSize },
  ).done
  expect(metrics.balanced).toBe(true)
  return { elements, late: lateOnes, metrics: metrics.operators.at(-1) }
}

/** By the rules, word by word. */
function replay(input: readonly Input[], { outOfOrder, keep }: Manner): Pick<Outcome, 'elements' | 'late'> {
  const kept = keep === 'forever' ? Infinity : keep
  const elements: Output[] = []
  const late: Cause[] = []
  /** What was taken for each key since it last had no row. */
  const taken = new Map<string, Cause[]>()
  /** When keys were deleted, until the watermark has passed that; of what was before the latest alone. */
  const deleted = new Map<string, number>()
  let forgotten = -Infinity
  let reached = -Infinity
  const known = (key: string): number => {
    const rows = taken.get(key)
    return rows === undefined ? (deleted.get(key) ?? forgotten) : Math.max(...rows.map(({ time }) => time))
  }
  const takeBack = (key: string): void => {
    const last = taken.get(key)?.at(-1)
    if (last?.value !== undefined && last.value !== null) elements.push(event(last.value, last.time, key, -1))
    taken.delete(key)
  }
  for (const element of [...input, watermark(Infinity)]) {
    if (element.kind === 'idle') continue
    if (element.kind === 'watermark') {
      if (element.time <= reached) continue
      reached = element.time
      const gone = [...taken].map(([key, rows]) => ({ key, latest: Math.max(...rows.map(({ time }) => time)) }))
      for (const { key, latest } of gone) if (latest + kept < reached && reached < Infinity) takeBack(key)
      for (const [key, time] of deleted) {
        if (time >= reached) continue
        deleted.delete(key)
        forgotten = Math.max(forgotten, time)
      }
      elements.push(watermark(reached))
      continue
    }
    const { key, value, time } = element
    const isOlder = outOfOrder === 'ignore' && time < known(key)
    if (isOlder || time + kept < reached) {
      late.push(element)
      continue
    }
    const before = taken.get(key) ?? []
    takeBack(key)
    deleted.delete(key)
    if (value === null) {
      deleted.set(key, time)
      continue
    }
    taken.set(key, [...before, element])
    elements.push(event(value, time, key))
  }
  return { elements, late }
}

/** The table after all changes, which must be one at each of them. */
function fold(elements: readonly Output[]): ReadonlyMap<string, Row> {
  const table = new Map<string, Row>()
  for (const element of elements) {
    if (element.kind !== 'event') continue
    const { key, value, time, diff } = element
    const row = event<number, string, undefined, Diff>(value, time, key)
    if (diff === 1) {
      expect(table.has(key)).toBe(false)
      table.set(key, row)
    } else {
      expect(table.get(key)).toEqual(row)
      table.delete(key)
    }
  }
  return table
}

/** What leaves with one watermark may do so in any order of keys. */
function arranged(elements: readonly Output[]): readonly string[] {
  return elements.map((element) => JSON.stringify(element)).sort()
}

test('1, 2: what comes out, and what is late, is what a replay finds, and a table at every element', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, async (input, manner) => {
      const { elements, late } = await outcomeOf(input, manner)
      const expected = replay(input, manner)
      expect(late).toEqual(expected.late)
      expect(arranged(elements)).toEqual(arranged(expected.elements))
      expect(fold(elements)).toEqual(fold(expected.elements))
    }),
    runs,
  )
})

test('3: the table is that of the last changes to come, or of the latest, however they were shuffled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { maxLength: 30 }), fc.boolean(), async (input, ignoring) => {
      const outOfOrder = ignoring ? 'ignore' : 'arrival'
      const { elements } = await outcomeOf(input, { outOfOrder, keep: 'forever' })
      const inOrder = ignoring ? input.toSorted((a, b) => a.time - b.time) : input
      const last = new Map(inOrder.map((change) => [change.key, change] as const))
      const rows = new Map([...last].filter(([, { value }]) => value !== null))
      expect(fold(elements)).toEqual(rows)
    }),
    runs,
  )
})

test('4: in any slices the same, with every event accounted for and nothing held', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, fc.integer({ min: 1, max: 4 }), async (input, manner, batchSize) => {
      const whole = await outcomeOf(input, manner)
      const sliced = await outcomeOf(input, manner, batchSize)
      expect(sliced.elements).toEqual(whole.elements)
      const came = input.filter(({ kind }) => kind === 'event').length
      const late = sliced.late.length
      expect(sliced.metrics).toMatchObject({ in: came, late, contributed: came - late, held: 0, entries: 0 })
    }),
    fewer,
  )
})
