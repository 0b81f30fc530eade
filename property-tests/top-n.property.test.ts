// Laws of `topN`, over a table of upserts and deletes of several keys:
//
// 1. After each change, what came out folds to the best rows of what the table folds to, and no rank has two rows.
// 2. Each change takes back and gives only ranks that are another row's, or another value's, now.
// 3. However few elements a turn may take, the same comes out, every event is accounted for, and in the end nothing is held.

import * as fc from 'fast-check'
import { tap } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Diff, type Element, event, type Event } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { run } from '../lib/run.ts'
import { toTable } from '../operators/to-table.ts'
import { type RankedRow, topN } from '../operators/top-n.ts'
import { fewer, runs } from './fixtures/runs.ts'

type Cell = number | null
type Row = Event<number, string, undefined, Diff>
type Rank = Event<RankedRow<number, string>, boolean, undefined, Diff>

/** What a change of the table has brought. */
interface Step {
  readonly rows: readonly Row[]
  readonly ranks: readonly Rank[]
}

interface Outcome {
  readonly elements: readonly Element<RankedRow<number, string>, boolean, undefined, Diff>[]
  readonly steps: readonly Step[]
  readonly metrics: OperatorMetrics | undefined
}

const changes: fc.Arbitrary<readonly Event<Cell, string>[]> = fc.array(
  fc
    .record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      value: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 6 }) }, { weight: 1, arbitrary: fc.constant(null) }),
      time: fc.nat({ max: 30 }),
    })
    .map(({ key, value, time }) => event<Cell, string>(value, time, key)),
  { maxLength: 40, size: 'max' },
)

const isEven = (n: number): boolean => n % 2 === 0

async function outcomeOf(input: readonly Event<Cell, string>[], n: number, batchSize = 1_024): Promise<Outcome> {
  const elements: Outcome['elements'][number][] = []
  const steps: { rows: Row[]; ranks: Rank[] }[] = []
  const ranking = fromIterable(input).pipe(
    tap(() => steps.push({ rows: [], ranks: [] })),
    toTable(),
    tap((element) => element.kind === 'event' && steps.at(-1)?.rows.push(element)),
    topN(n, (value) => value, { of: isEven }),
    tap((element) => element.kind === 'event' && steps.at(-1)?.ranks.push(element)),
  )
  const metrics = await run(ranking, (element) => void elements.push(element), { clock: new VirtualClock(), batchSize })
    .done
  return { elements, steps, metrics: metrics.operators.at(-1) }
}

/** Rows as they came: one that is taken back has gone, and comes at the end again. */
function folded(rows: readonly Row[]): readonly Row[] {
  const table = new Map<string, Row>()
  for (const row of rows) {
    if (row.diff === -1) table.delete(row.key)
    else table.set(row.key, row)
  }
  return [...table.values()]
}

function best(rows: readonly Row[], n: number, group: boolean): readonly RankedRow<number, string>[] {
  return rows
    .filter(({ value }) => isEven(value) === group)
    .sort((a, b) => b.value - a.value)
    .slice(0, n)
    .map(({ key, value }, i) => ({ rank: i + 1, key, value }))
}

test('1, 2: after each change the ranks are those of the best rows, and only those that change are told', async () => {
  await fc.assert(
    fc.asyncProperty(changes, fc.integer({ min: 1, max: 4 }), async (input, n) => {
      const { steps } = await outcomeOf(input, n)
      const rows: Row[] = []
      const standing: Rank[] = []
      for (const step of steps) {
        const before = [...standing]
        rows.push(...step.rows)
        for (const rank of step.ranks) {
          const same = (each: Rank): boolean => each.key === rank.key && each.value.rank === rank.value.rank
          const known = standing.filter(same)
          if (rank.diff === 1) {
            expect(known).toEqual([])
            expect(before).not.toContainEqual(expect.objectContaining({ key: rank.key, value: rank.value }))
            standing.push(rank)
          } else {
            expect(known).toEqual([{ ...rank, diff: 1 }])
            standing.splice(standing.findIndex(same), 1)
          }
        }
        for (const group of [true, false]) {
          const ranks = standing.filter(({ key }) => key === group).map(({ value }) => value)
          expect(ranks.sort((a, b) => a.rank - b.rank)).toEqual(best(folded(rows), n, group))
        }
      }
    }),
    runs,
  )
})

test('3: in any slices the same, with every event accounted for and nothing held', async () => {
  await fc.assert(
    fc.asyncProperty(
      changes,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (input, n, size) => {
        const whole = await outcomeOf(input, n)
        const sliced = await outcomeOf(input, n, size)
        expect(sliced.elements).toEqual(whole.elements)
        const came = whole.steps.flatMap(({ rows }) => rows).length
        expect(sliced.metrics).toMatchObject({ in: came, contributed: came, held: 0, entries: 0 })
      },
    ),
    fewer,
  )
})
