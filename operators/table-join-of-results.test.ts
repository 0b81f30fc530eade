// Results of aggregates that are revised are tables, and each revision is one change of what is joined with them.
import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { type Diff, event, type Stream } from '../lib/element.ts'
import { afterCount } from '../lib/triggers/after-count.ts'
import { repeatedly } from '../lib/triggers/repeatedly.ts'
import type { WindowAssigner, Windows } from '../lib/window.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { session } from '../lib/windows/session.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { collect } from '../testing/collect.ts'
import { aggregate } from './aggregate.ts'
import { assignTimestamps } from './assign-timestamps.ts'
import { changes } from './changes.ts'
import { keyBy } from './key-by.ts'
import { tableJoin } from './table-join.ts'
import { toTable } from './to-table.ts'
import { window } from './window.ts'

test('takes the changelog of an aggregate', async () => {
  const totals = fromIterable([event(1, 1, 'x'), event(2, 5, 'x')]).pipe(aggregate(sum(), { keep: 'forever' }))
  const names = fromIterable([event('X', 0, 'x')]).pipe(toTable())
  const view = names.pipe(tableJoin(totals, { kind: 'left' }))
  const standing = new Map<string, unknown>()
  for (const element of await collect(view)) {
    if (element.kind !== 'event') continue
    if (element.diff === 1) standing.set(element.key, element.value)
    else standing.delete(element.key)
  }
  expect([...standing]).toEqual([['x', { left: 'X', right: 3 }]])
})

/** The changes of a row that is joined with a result, which is 1 and then 3. */
async function joinedWith(results: Stream<number, string, unknown, Diff>): Promise<readonly string[]> {
  const view = from([event(7, 0, 'k')]).pipe(toTable(), tableJoin(results, { kind: 'left' }), changes())
  return (await collect(view)).map(({ op, value: { left, right } }) => `${op}${left}_${right ?? 'none'}`)
}

const values = [event(1, 1, 'k'), event(2, 2, 'k')]
const oneByOne = ['+7_none', '-7_none', '+7_1', '-7_1', '+7_3']

test('an update of an aggregate is one change', async () => {
  expect(await joinedWith(from(values).pipe(aggregate(sum(), { keep: 'forever' })))).toEqual(oneByOne)
})

test.each<Windows>([globalWindow(), tumbling(5), session(5)])('so is one of a result of $name', async (windows) => {
  const trigger = repeatedly(afterCount(1))
  const results = from(values).pipe(window(windows, sum(), { trigger, accumulation: 'retracting' }))
  expect(await joinedWith(results)).toEqual(oneByOne)
})

test.each<WindowAssigner>([tumbling(10), hopping(10, 5)])(
  'so is one of a result of $name that was complete',
  async (windows) => {
    const hits = fromIterable([1, 19, 2]).pipe(assignTimestamps((time) => time, monotonous()))
    const results = hits.pipe(
      window(windows, sum(), { accumulation: 'retracting', allowedLateness: 99 }),
      keyBy(
        (
          _,
          {
            pane: {
              window: { start },
            },
          },
        ) => (start === 0 ? 'k' : String(start)),
      ),
    )
    expect(await joinedWith(results)).toEqual(oneByOne)
  },
)
