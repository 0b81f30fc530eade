// Laws of joins by windows, for windows of every kind, any interleaving of two streams, and watermarks that rise on one side or
// both:
//
// 1. What each watermark gives are the rows that nested loops make of all that was accepted: of the windows it completes, in the
//    order of their ends, left values by arrival, for each the right ones by arrival. What is late goes to the output of its side.
//    Nothing of this depends on how many rows fit into a turn, or how slow the sink is.
// 2. In a full join, each accepted event is in a pair in each of its windows: with every event of the other side, or once without
//    any, never both.
// 3. The kinds fit together: `left`, `right` and `full` are `inner` and what is left over of their sides; `semi` and `anti`
//    share out the left values; `coGroup` has what the pairs are made of.
// 4. At every moment each event is accounted for, no more is held than what windows still need, and at the end nothing is.
// 5. If watermarks keep their promise, the rows are those of a batch over all of the input, whatever the interleaving.
// 6. Two sources give the same in whatever chunks they are read.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VirtualClock } from '../lib/clock.ts'
import type { Event } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { type WindowJoined, type WindowJoinKind, windowJoinKinds } from '../lib/joins/pairs.ts'
import { run } from '../lib/run.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import type { PaneInfo, WindowAssigner } from '../lib/window.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { coGroup } from '../operators/co-group.ts'
import { keyBy } from '../operators/key-by.ts'
import { map } from '../operators/map.ts'
import { windowJoin } from '../operators/window-join.ts'
import { events } from './events.ts'
import { batchPanes } from './fixtures/batch-panes.ts'
import { type ExpectedJoin, type Group, replayWindowJoin } from './fixtures/replay-window-join.ts'
import { type Join, type JoinItems, type JoinOutcome, runWindowJoinScript } from './fixtures/run-window-join-script.ts'
import { fewer, runs } from './fixtures/runs.ts'
import type { Item } from './fixtures/script.ts'
import { joinEventsOf, type JoinStep, punctualJoin, windowJoinScripts } from './fixtures/window-join-script.ts'
import {
  fixedWindows,
  mergesOf,
  mergingWindows,
  sessionWindows,
  windowsOf,
  type WindowsTree,
} from './fixtures/windows-tree.ts'
import { type Pace, paces } from './pace.ts'
import { paced } from './paced.ts'

/** A row by the names of its events; an anti or semi join has no right ones. */
interface NamedRow {
  readonly key: string
  readonly window: readonly [number, number]
  readonly time: number
  readonly left: number | undefined
  readonly right?: number | undefined
}

type Pair = Joined<Item | undefined, Item | undefined>

const kinds = fc.constantFrom(...windowJoinKinds)
const anyWindows = fc.oneof(fixedWindows, mergingWindows)
const joinPaces = fc.record({
  batchSize: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1_024)),
  write: fc.constantFrom(0, 0, 3),
})

test.each([
  ['windows of time', fixedWindows],
  ['windows that merge', mergingWindows],
])('1, 2, 4: equals nested loops over what was accepted: %s', async (_, windows) => {
  await fc.assert(
    fc.asyncProperty(windows, kinds, windowJoinScripts, joinPaces, async (tree, kind, steps, pace) => {
      const outcomes = await runWindowJoinScript(steps, joined(tree, kind), pace)
      const expected = replayWindowJoin(steps, tree)
      for (const [i, outcome] of outcomes.entries()) {
        const { groups, lateLeft, lateRight, held } = expected[i] ?? nothing
        expect({ i, rows: inOrder(outcome.out.map(named), tree) }).toEqual({
          i,
          rows: inOrder(
            groups.flatMap((group) => rowsOf(group, kind)),
            tree,
          ),
        })
        expect({ i, left: outcome.lateLeft, right: outcome.lateRight }).toEqual({ i, left: lateLeft, right: lateRight })
        expectToAccount(outcome, held)
      }
      expect(outcomes).toHaveLength(steps.length)
      expectNothingLeft(outcomes)
      if (kind === 'full') expectEachPairedOrAlone(outcomes)
    }),
    runs,
  )
})

test('1, 4: groups are all that was accepted', async () => {
  await fc.assert(
    fc.asyncProperty(anyWindows, windowJoinScripts, joinPaces, async (tree, steps, pace) => {
      const outcomes = await runWindowJoinScript(steps, grouped(tree), pace)
      const expected = replayWindowJoin(steps, tree)
      for (const [i, { out }] of outcomes.entries()) {
        const groups = out.map(({ value, key, time, pane }) => ({
          key,
          window: spanOf(pane),
          time,
          left: value.left.map(({ name }) => name),
          right: value.right.map(({ name }) => name),
        }))
        const { groups: all } = expected[i] ?? nothing
        expect({ i, groups: inOrder(groups, tree) }).toEqual({
          i,
          groups: inOrder(
            all.map((group) => ({ ...placeOf(group), left: [...group.left], right: [...group.right] })),
            tree,
          ),
        })
      }
      expectNothingLeft(outcomes)
    }),
    fewer,
  )
})

test('3: the kinds fit together', async () => {
  await fc.assert(
    fc.asyncProperty(anyWindows, windowJoinScripts, async (tree, steps) => {
      const of = async (kind: WindowJoinKind): Promise<readonly string[]> =>
        (await runWindowJoinScript(steps, joined(tree, kind))).flatMap(({ out }) => out.map(named)).map(textOf)
      const [inner, left, right, full] = [await of('inner'), await of('left'), await of('right'), await of('full')]
      const [semi, anti] = [await of('semi'), await of('anti')]
      const alone = {
        left: left.filter((row) => row.endsWith('+none')),
        right: right.filter((row) => row.includes('none+')),
      }
      expect(left.toSorted()).toEqual([...inner, ...alone.left].sort())
      expect(right.toSorted()).toEqual([...inner, ...alone.right].sort())
      expect(full.toSorted()).toEqual([...inner, ...alone.left, ...alone.right].sort())
      const lefts = (rows: readonly string[]): readonly string[] =>
        [...new Set(rows.map((row) => row.split('+')[0] ?? ''))].sort()
      expect(semi.toSorted()).toEqual(lefts(inner))
      expect(anti.toSorted()).toEqual(lefts(alone.left))
    }),
    { ...fewer, numRuns: Math.ceil(fewer.numRuns / 3) },
  )
})

test('5: with watermarks that keep their promise, any interleaving comes to what a batch gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fixedWindows, sessionWindows),
      kinds,
      windowJoinScripts.map(punctualJoin),
      async (tree, kind, steps) => {
        const outcomes = await runWindowJoinScript(steps, joined(tree, kind))
        const rows = outcomes.flatMap(({ out }) => out.map(named)).map(textOf)
        expect(rows.toSorted()).toEqual(batchRows(steps, tree, kind).map(textOf).sort())
      },
    ),
    fewer,
  )
})

test('6: two sources give the same in whatever chunks they are read', async () => {
  const input = fc.integer({ min: 0, max: 8 }).chain((bound) =>
    fc.record({
      bound: fc.constant(bound),
      events: events({
        value: fc.record({ name: fc.nat(), key: fc.constantFrom('a', 'b'), gap: fc.integer({ min: 1, max: 9 }) }),
        span: 40,
        disorder: bound,
        lateness: 4,
        maxLength: 15,
      }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(
      anyWindows,
      kinds,
      input,
      input,
      fc.tuple(paces(), paces(), paces()),
      async (tree, kind, l, r, p) => {
        const streamOf = ({ events, bound }: typeof l, pace: Pace): JoinItems =>
          paced(events, pace).pipe(
            assignTimestamps(({ time }) => time, boundedOutOfOrderness(bound)),
            map(({ value }) => value),
            keyBy(({ key }) => key),
          )
        const rowsAt = async (left: Pace, right: Pace, batchSize: number): Promise<readonly NamedRow[]> => {
          const rows: NamedRow[] = []
          const stream = streamOf(l, left).pipe(
            windowJoin<Item, Item, string, undefined, undefined, WindowJoinKind>(streamOf(r, right), assignerOf(tree), {
              kind,
            }),
          )
          const options = { clock: new VirtualClock(), batchSize }
          await run(stream, (element) => void (element.kind === 'event' && rows.push(named(element))), options).done
          return rows
        }
        const [first, second, third] = p
        expect(await rowsAt(first, second, third.batchSize)).toEqual(await rowsAt(third, third, 1_024))
      },
    ),
    { ...fewer, numRuns: Math.ceil(fewer.numRuns / 3) },
  )
})

const nothing: ExpectedJoin = { groups: [], lateLeft: [], lateRight: [], held: 0 }

function assignerOf(tree: WindowsTree): WindowAssigner<Item> {
  return windowsOf(tree) as WindowAssigner<Item>
}

function joined<J extends WindowJoinKind>(tree: WindowsTree, kind: J): Join<WindowJoined<J, Item, Item>> {
  return (left, right, lateLeft, lateRight) =>
    left.pipe(
      windowJoin<Item, Item, string, undefined, undefined, J>(right, assignerOf(tree), { kind, lateLeft, lateRight }),
    )
}

function grouped(tree: WindowsTree): Join<Joined<readonly Item[], readonly Item[]>> {
  return (left, right, lateLeft, lateRight) => left.pipe(coGroup(right, assignerOf(tree), { lateLeft, lateRight }))
}

/** Nested loops, with a missing one where the kind says so. */
function rowsOf(group: Group, kind: WindowJoinKind): readonly NamedRow[] {
  const place = placeOf(group)
  const { left, right } = group
  if (kind === 'semi') return right.length === 0 ? [] : left.map((name) => ({ ...place, left: name }))
  if (kind === 'anti') return right.length > 0 ? [] : left.map((name) => ({ ...place, left: name }))
  const rows: NamedRow[] = []
  for (const one of left) for (const other of right) rows.push({ ...place, left: one, right: other })
  if (right.length === 0 && (kind === 'left' || kind === 'full')) {
    for (const one of left) rows.push({ ...place, left: one, right: undefined })
  }
  if (left.length === 0 && (kind === 'right' || kind === 'full')) {
    for (const other of right) rows.push({ ...place, left: undefined, right: other })
  }
  return rows
}

function placeOf({ key, window, latest }: Group): Pick<NamedRow, 'key' | 'window' | 'time'> {
  const time = window.end === Infinity ? latest : window.end - 1
  return { key, window: [window.start, window.end], time }
}

function named({ value, key, time, pane }: Event<Pair | Item, string, PaneInfo>): NamedRow {
  const place = { key, window: spanOf(pane), time }
  if (!('left' in value)) return { ...place, left: value.name }
  return { ...place, left: value.left?.name, right: value.right?.name }
}

function spanOf({ window, ...info }: PaneInfo): readonly [number, number] {
  expect(info).toEqual({ timing: 'on-time', index: 0, isFirst: true, isLast: true, nonSpeculativeIndex: 0 })
  return [window.start, window.end]
}

function textOf(row: NamedRow): string {
  const text = `${row.window.join()} ${row.key} ${row.left ?? 'none'}`
  return 'right' in row ? `${text}+${row.right ?? 'none'}` : text
}

/** Keys whose windows merge and end together leave in an order that has no meaning. */
function inOrder<R extends Pick<NamedRow, 'key' | 'window'>>(rows: readonly R[], tree: WindowsTree): readonly R[] {
  if (mergesOf(tree) === undefined) return rows
  return rows.toSorted((a, b) => a.window[1] - b.window[1] || Number(a.key > b.key) - Number(a.key < b.key))
}

function batchRows(steps: readonly JoinStep[], tree: WindowsTree, kind: WindowJoinKind): readonly NamedRow[] {
  const events = joinEventsOf(steps)
  const sides = new Map(events.map(({ item, side }) => [item.name, side]))
  const panes = batchPanes(
    events.map(({ item, time }) => ({ kind: 'event', item, time, diff: 1 })),
    tree,
  )
  return panes.flatMap(({ key, window, value }) => {
    const of = (side: number): number[] => value.filter((name) => sides.get(name) === side)
    return rowsOf({ key, window, left: of(0), right: of(1), latest: 0 }, kind)
  })
}

function expectToAccount<O>({ metrics }: JoinOutcome<O>, held: number): void {
  expect(metrics.balanced).toBe(true)
  const join = metrics.operators.find(({ name }) => name === 'windowJoin')
  expect(join?.held).toBe(held)
}

function expectNothingLeft<O>(outcomes: readonly JoinOutcome<O>[]): void {
  const { operators = [] } = outcomes.at(-1)?.metrics ?? {}
  for (const { held, entries } of operators) expect({ held, entries }).toEqual({ held: 0, entries: 0 })
}

/** Of each event and window there is either a row with each of the other side, or one without any. */
function expectEachPairedOrAlone(outcomes: readonly JoinOutcome<Pair | Item>[]): void {
  const rows = outcomes.flatMap(({ out }) => out.map(named))
  expect(new Set(rows.map(textOf)).size).toBe(rows.length)
  for (const [one, other] of [
    ['left', 'right'],
    ['right', 'left'],
  ] as const) {
    const partners = new Map<string, (number | undefined)[]>()
    for (const row of rows) {
      if (row[one] === undefined) continue
      const text = `${row.window.join()} ${row.key} ${row[one]}`
      partners.set(text, [...(partners.get(text) ?? []), row[other]])
    }
    for (const found of partners.values()) if (found.includes(undefined)) expect(found).toHaveLength(1)
  }
}
