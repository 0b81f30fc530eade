// Laws of `materialize`, over changelogs of several keys, numbers and texts, that end at any moment:
//
// 1. After each change the view has, by key and as a whole, the rows to which the changes so far fold.
// 2. A range, of any two bounds, is a plain sort of those rows, cut at the bounds; whether or not one was read before.
// 3. Whoever subscribes at any moment folds what `changes` gives to the same rows from then on.

import * as fc from 'fast-check'
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { VirtualClock } from '../lib/clock.ts'
import { type Diff, type Element, event, type Event } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import type { Change } from '../operators/changes.ts'
import { type MaterializedView, materialize } from '../operators/materialize.ts'
import { toTable } from '../operators/to-table.ts'
import { runs } from './fixtures/runs.ts'

type Key = number | string
type Row = Event<number, Key, undefined, Diff>
type View = MaterializedView<number, Key>

const keys: fc.Arbitrary<Key> = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  fc.constantFrom(-Infinity, 0.5, Infinity),
  fc.constantFrom('', 'B', 'a', 'ab', 'b', 'ä', '1', '😀'),
)

const upserts = fc.array(
  fc.record({ key: keys, value: fc.oneof(fc.nat(), fc.nat(), fc.constant(null)), time: fc.nat({ max: 9 }) }),
  { maxLength: 60, size: 'max' },
)

const ranges = fc.array(fc.tuple(keys, keys), { minLength: 1, maxLength: 6 })

/** Feeds upserts to a table with a view, and looks into it after each change. */
async function watch(
  input: readonly { readonly key: Key; readonly value: number | null; readonly time: number }[],
  view: View,
  look: (step: number, rows: ReadonlyMap<Key, number>) => void,
): Promise<void> {
  const table = new Subject<Element<number | null, Key, undefined>>()
  const fold = new Map<Key, number>()
  const clock = new VirtualClock()
  const job = run(
    table.pipe(toTable()),
    {
      name: 'view and fold',
      write(elements: readonly Row[]) {
        for (const element of elements) {
          void view.write([element])
          if (element.kind !== 'event') continue
          if (element.diff === -1) fold.delete(element.key)
          else fold.set(element.key, element.value)
        }
      },
    },
    { clock },
  )
  for (const [step, { key, value, time }] of input.entries()) {
    table.next(event(value, time, key))
    await clock.turn()
    look(step, fold)
  }
  await job.stop()
}

/** By the order that the page names, without any index. */
function sortedRange(rows: ReadonlyMap<Key, number>, from: Key, to: Key): readonly (readonly [Key, number])[] {
  const isNot = (a: Key, b: Key): boolean => rankOf(a) < rankOf(b) || (rankOf(a) === rankOf(b) && a < b)
  return [...rows].filter(([key]) => !isNot(key, from) && isNot(key, to)).sort(([a], [b]) => (isNot(a, b) ? -1 : 1))
}

function rankOf(key: Key): number {
  return typeof key === 'number' ? 0 : 1
}

test('1, 2: by key, by range and as a whole the view is the fold of what came so far', async () => {
  await fc.assert(
    fc.asyncProperty(upserts, ranges, fc.nat({ max: 60 }), async (input, bounds, firstRead) => {
      const view = materialize<number, Key>()
      await watch(input, view, (step, rows) => {
        expect(new Map(view.entries())).toEqual(rows)
        expect(view.size).toBe(rows.size)
        for (const { key } of input) expect(view.get(key)).toBe(rows.get(key))
        if (step < firstRead) return
        for (const [from, to] of bounds) expect(view.range(from, to)).toEqual(sortedRange(rows, from, to))
      })
    }),
    runs,
  )
})

test('3: what changes gives from any moment on folds to the rows that are there', async () => {
  await fc.assert(
    fc.asyncProperty(upserts, fc.nat({ max: 60 }), async (input, from) => {
      const view = materialize<number, Key>()
      const rows = new Map<Key, number>()
      const apply = ({ op, key, value }: Change<number, Key>): void => {
        expect(rows.get(key)).toBe(op === '+' ? undefined : value)
        if (op === '+') rows.set(key, value)
        else rows.delete(key)
      }
      await watch(input, view, (step, expected) => {
        if (step === from) view.changes().subscribe(apply)
        if (step >= from) expect(rows).toEqual(expected)
      })
    }),
    runs,
  )
})
