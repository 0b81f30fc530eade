// Laws of `tableJoin`, over two tables of several keys that change as they like, by key and by foreign key:
//
// 1. After each change what came out folds to the join of the two tables, row by row with its time, that nested loops find.
// 2. The view is a table itself, at every element: nothing is taken back that is not there, and no key has two rows.
// 3. An update says of each key of the view once what was and what is: no row is said to be alone while its next partner comes.
// 4. Changelogs that are no updates of `toTable`, each part for itself, fold to the same.
// 5. A join of a join, though both are with the same table, folds to the join of three at every element.
// 6. Whatever is put together as one change, what came out folds to the join of the tables at the end of it.
// 7. At every moment the ledger balances, and exactly the rows of both tables are held, and their keys. When all is deleted,
//    nothing is.
// 8. Chunks and the batch size change nothing.
// 9. The results of an aggregate are such tables: 1, 2 and 3 hold for them.

import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { share, Subject, tap } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { fold } from '../lib/aggregates/fold.ts'
import { type Diff, type Element, event, type Event, type Stream } from '../lib/element.ts'
import { oneChange } from '../lib/wiring/one-change.ts'
import type { JobMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { aggregate } from '../operators/aggregate.ts'
import { tableJoin, type TableJoinKind } from '../operators/table-join.ts'
import { toTable } from '../operators/to-table.ts'
import { fewer, runs } from './fixtures/runs.ts'
import { type Fed, twoInputs } from './fixtures/two-inputs.ts'

type Cell = number | null
type Row = Event<number, string, undefined, Diff>
type Table = ReadonlyMap<string, Row>
type Changes = Stream<number, string, undefined, Diff>
type ViewElement = Element<unknown, string, undefined, Diff>
type ViewRow = Event<unknown, string, undefined, Diff>

/** A way to join, and its oracle. */
interface Manner {
  readonly kind: TableJoinKind
  readonly isForeign: boolean
}

interface Sizes {
  readonly batchSize?: number
  readonly chunkSize?: number
}

interface Outcome {
  /** What came out of each step. */
  readonly steps: readonly (readonly ViewRow[])[]
  /** The job before each step, and at its end. */
  readonly moments: readonly JobMetrics[]
}

type Build = (left: Changes, right: Changes) => Stream<unknown, string, undefined, Diff>

const manners: fc.Arbitrary<Manner> = fc.oneof(
  fc.record({ kind: fc.constantFrom('inner', 'left', 'right', 'full'), isForeign: fc.constant(false) }),
  fc.record({ kind: fc.constantFrom('inner', 'left'), isForeign: fc.constant(true) }),
)

const scripts: fc.Arbitrary<readonly Fed<Cell>[]> = fc.array(
  fc
    .record({
      input: fc.constantFrom('left', 'right'),
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.oneof(fc.nat({ max: 7 }), fc.nat({ max: 7 }), fc.constant(null)),
      time: fc.integer({ min: -5, max: 20 }),
    })
    .map(({ input, key, value, time }): Fed<Cell> => ({ input, element: event(value, time, key) })),
  { maxLength: 30, size: 'max' },
)

/** Left rows 3 and 7 go with none. */
function foreignKeyOf(value: number): string | undefined {
  return ['a', 'b', 'c', undefined][value % 4]
}

function joining({ kind, isForeign }: Manner): Build {
  if (!isForeign) return (left, right) => left.pipe(tableJoin(right, { kind }))
  return (left, right) => left.pipe(tableJoin(right, { kind: kind === 'left' ? 'left' : 'inner', on: foreignKeyOf }))
}

const upserting =
  (build: Build): Build =>
  (left, right) =>
    build(left.pipe(tableOf('left')), right.pipe(tableOf('right'), share()))

/** The script says of all its events that they are insertions. */
function tableOf(id: string): (source: Changes) => Changes {
  return (source) => (source as Stream<number, string, undefined>).pipe(toTable({ id }))
}

async function outcomeOf(fed: readonly Fed<Cell>[], build: Build, sizes: Sizes = {}): Promise<Outcome> {
  const { batchSize = 1_024, chunkSize = 1_024 } = sizes
  const steps: ViewRow[][] = fed.map(() => [])
  const moments: JobMetrics[] = []
  const script = fromIterable(fed, { chunkSize }).pipe(tap(() => moments.push(job.metrics())))
  // No cell is null behind `toTable`.
  const { left, right } = twoInputs(script, false) as Record<'left' | 'right', Changes>
  const view = build(left, right).pipe(
    tap((element: ViewElement) => {
      if (element.kind === 'event') steps[moments.length - 1]?.push(element)
    }),
  )
  const job = run(view, () => {}, { clock: new VirtualClock(), batchSize })
  moments.push(await job.done)
  return { steps, moments }
}

/** The two tables after each step. */
function tablesOf(fed: readonly Fed<Cell>[]): { readonly left: Table; readonly right: Table }[] {
  const now = { left: new Map<string, Row>(), right: new Map<string, Row>() }
  return fed.map(({ input, element }) => {
    if (element.kind === 'event') {
      const { key, value, time, diff } = element
      if (value === null || diff === -1) now[input].delete(key)
      else now[input].set(key, event(value, time, key))
    }
    return { left: new Map(now.left), right: new Map(now.right) }
  })
}

/** Each row of the left table with each of the right one, and those that have found no partner. */
function nestedLoops(left: Table, right: Table, { kind, isForeign }: Manner): ViewRow[] {
  const view: ViewRow[] = []
  const matched = new Set<Row>()
  for (const l of left.values()) {
    for (const r of right.values()) {
      if ((isForeign ? foreignKeyOf(l.value) : l.key) !== r.key) continue
      matched.add(l).add(r)
      view.push(event({ left: l.value, right: r.value }, Math.max(l.time, r.time), l.key))
    }
  }
  const alone = (rows: Table): Row[] => [...rows.values()].filter((row) => !matched.has(row))
  if (kind === 'left' || kind === 'full') {
    for (const { value, time, key } of alone(left)) view.push(event({ left: value, right: undefined }, time, key))
  }
  if (kind === 'right' || kind === 'full') {
    for (const { value, time, key } of alone(right)) view.push(event({ left: undefined, right: value }, time, key))
  }
  return view
}

/** Takes the changes of a step into a view, which must be a table at each of them. */
function apply(view: Map<string, ViewRow>, changes: readonly ViewRow[]): void {
  for (const { value, time, key, diff } of changes) {
    if (diff === 1) {
      expect(view.has(key), 'a second row').toBe(false)
      view.set(key, event(value, time, key))
    } else {
      expect(view.get(key), 'what is taken back').toEqual(event(value, time, key))
      view.delete(key)
    }
  }
}

function inOrder(rows: Iterable<ViewRow>): readonly ViewRow[] {
  return [...rows].toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

function expectFolds(steps: Outcome['steps'], expected: readonly (readonly ViewRow[])[]): void {
  const view = new Map<string, ViewRow>()
  for (const [i, changes] of steps.entries()) {
    apply(view, changes)
    expect(inOrder(view.values()), `the view after step ${i}`).toEqual(inOrder(expected[i] ?? []))
  }
}

/** At most one row is taken back for each key, and one given. */
function expectSaidOnce(steps: Outcome['steps']): void {
  for (const changes of steps) {
    const said = changes.map(({ key, diff }) => `${diff} ${key}`)
    expect(new Set(said).size).toBe(said.length)
  }
}

test('1, 2, 3: what came out folds to the join of the tables after each change, and says each thing once', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, manners, async (fed, manner) => {
      const { steps } = await outcomeOf(fed, upserting(joining(manner)))
      expectFolds(
        steps,
        tablesOf(fed).map(({ left, right }) => nestedLoops(left, right, manner)),
      )
      expectSaidOnce(steps)
    }),
    runs,
  )
})

test('4: changelogs whose parts come one by one fold to the same', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, manners, async (made, manner) => {
      const fed = inParts(made)
      const { steps, moments } = await outcomeOf(fed, joining(manner))
      const tables = tablesOf(fed)
      expectFolds(
        steps,
        tables.map(({ left, right }) => nestedLoops(left, right, manner)),
      )
      expectLedger(moments, tables, manner)
    }),
    runs,
  )
})

test('5: a join of a join folds to the join of three tables', async () => {
  const kinds = fc.constantFrom<TableJoinKind>('inner', 'left', 'right', 'full')
  await fc.assert(
    fc.asyncProperty(scripts, kinds, kinds, async (fed, inner, outer) => {
      const { steps } = await outcomeOf(
        fed,
        upserting((left, right) =>
          left.pipe(tableJoin(right, { kind: inner, id: 'inner' }), tableJoin(right, { kind: outer, id: 'outer' })),
        ),
      )
      const expected = tablesOf(fed).map(({ left, right }) => {
        const rows = nestedLoops(left, right, { kind: inner, isForeign: false })
        const first = new Map(rows.map((row) => [row.key, row] as const))
        // The oracle looks at keys and times alone.
        return nestedLoops(first as unknown as Table, right, { kind: outer, isForeign: false })
      })
      expectFolds(steps, expected)
    }),
    fewer,
  )
})

test('6: whatever is one change, what came out folds to the join of the tables at the end of it', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, manners, fc.integer({ min: 1, max: 8 }), async (made, manner, size) => {
      const fed = inParts(made)
      const left = new Subject<Element<number, string, undefined, Diff>>()
      const right = new Subject<Element<number, string, undefined, Diff>>()
      const inputs = { left, right } as Readonly<Record<'left' | 'right', Subject<Fed<Cell>['element']>>>
      const view = new Map<string, ViewRow>()
      const tables = tablesOf(fed)
      const feeding = fromIterable(fed.map((_, i) => i).filter((i) => i % size === 0)).pipe(
        tap((start) => {
          oneChange.begin()
          for (const { input, element } of fed.slice(start, start + size)) inputs[input].next(element)
          oneChange.end()
          const now = tables[Math.min(start + size, fed.length) - 1]
          const expected = now === undefined ? [] : nestedLoops(now.left, now.right, manner)
          expect(inOrder(view.values())).toEqual(inOrder(expected))
        }),
        tap({ complete: () => [left, right].forEach((input) => input.complete()) }),
      )
      const joined = joining(manner)(left, right).pipe(
        tap((element: ViewElement) => {
          if (element.kind === 'event') apply(view, [element])
        }),
      )
      await run([route(joined, () => {}), route(feeding, () => {})], { clock: new VirtualClock() }).done
    }),
    runs,
  )
})

test('7: the ledger balances at every moment, and the rows of both tables are held', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, manners, async (made, manner) => {
      const all: readonly Fed<Cell>[] = (['left', 'right'] as const).flatMap((input) =>
        ['a', 'b', 'c'].map((key): Fed<Cell> => ({ input, element: event(null, 0, key) })),
      )
      const fed = [...made, ...all]
      const { steps, moments } = await outcomeOf(fed, upserting(joining(manner)))
      expectLedger(moments, tablesOf(fed), manner)
      const view = new Map<string, ViewRow>()
      for (const changes of steps) apply(view, changes)
      expect(view.size).toBe(0)
    }),
    fewer,
  )
})

test('8: chunks and batches change nothing', async () => {
  const sizes = fc.record({ batchSize: fc.integer({ min: 1, max: 4 }), chunkSize: fc.integer({ min: 1, max: 4 }) })
  await fc.assert(
    fc.asyncProperty(scripts, manners, fc.boolean(), sizes, async (made, manner, areUpdates, size) => {
      const fed = areUpdates ? made : inParts(made)
      const build = areUpdates ? upserting(joining(manner)) : joining(manner)
      const whole = await outcomeOf(fed, build)
      const parts = await outcomeOf(fed, build, size)
      expect(isDeepStrictEqual(parts.steps, whole.steps)).toBe(true)
    }),
    fewer,
  )
})

test('9: results of an aggregate fold to their join, and say each thing once', async () => {
  const isRow = ({ element }: Fed<Cell>): boolean => element.kind === 'event' && element.value !== null
  const arrivals = fold({ create: () => 0, add: (_, value: number) => value })
  const latest = (id: string) => (source: Changes) =>
    (source as Stream<number, string, undefined>).pipe(aggregate(arrivals, { keep: 'forever', id }))
  await fc.assert(
    fc.asyncProperty(scripts, manners, async (made, manner) => {
      const fed = made.filter(isRow)
      const build: Build = (left, right) => joining(manner)(left.pipe(latest('left')), right.pipe(latest('right')))
      const { steps } = await outcomeOf(fed, build)
      expectFolds(
        steps,
        tablesOf(fed).map(({ left, right }) => nestedLoops(left, right, manner)),
      )
      expectSaidOnce(steps)
    }),
    fewer,
  )
})

function expectLedger(
  moments: readonly JobMetrics[],
  tables: readonly { readonly left: Table; readonly right: Table }[],
  { isForeign }: Manner,
): void {
  const expected = tables.map(({ left, right }) => {
    const named = [...left.values()].map(({ key, value }) => (isForeign ? foreignKeyOf(value) : key))
    return { held: left.size + right.size, entries: new Set([...named, ...right.keys()]).size }
  })
  for (const [i, metrics] of moments.slice(0, -1).entries()) {
    expect(metrics.balanced).toBe(true)
    const join = metrics.operators.find(({ name }) => name === 'tableJoin')
    expect(join).toMatchObject(expected[i - 1] ?? { held: 0, entries: 0 })
  }
  expect(moments.at(-1)?.balanced).toBe(true)
  for (const each of moments.at(-1)?.operators ?? []) expect(each).toMatchObject({ held: 0, entries: 0 })
}

/** Makes each upsert and delete a retraction and an insertion of their own. */
function inParts(fed: readonly Fed<Cell>[]): Fed<Cell>[] {
  const tables = [{ left: new Map<string, Row>(), right: new Map<string, Row>() }, ...tablesOf(fed)]
  return fed.flatMap((each, i): Fed<Cell>[] => {
    const { input, element } = each
    if (element.kind !== 'event') return [each]
    const before = tables[i]?.[input].get(element.key)
    const taken: Fed<Cell>[] =
      before === undefined ? [] : [{ input, element: event<Cell, string>(before.value, before.time, before.key, -1) }]
    return element.value === null ? taken : [...taken, each]
  })
}
