import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { window } from '../../operators/window.ts'
import { sum } from '../aggregates/sum.ts'
import { event } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { run } from '../run.ts'
import type { Window, WindowAssigner } from '../window.ts'
import { checkedWindow } from './checked-window.ts'

test.each<[Window]>([
  [{ start: 0, end: 1 }],
  [{ start: -5, end: 0 }],
  [{ start: -Infinity, end: 5 }],
  [{ start: 5, end: Infinity }],
  [{ start: -Infinity, end: Infinity }],
])('%o is one', (each) => {
  expect(checkedWindow('mine', each)).toBe(each)
})

const wrong: readonly (readonly [unknown, string])[] = [
  [{ start: 5, end: 5 }, '5 and 5'],
  [{ start: 5, end: 4 }, '5 and 4'],
  [{ start: Number.NaN, end: 5 }, 'NaN and 5'],
  [{ start: 0, end: Number.NaN }, '0 and NaN'],
  [{ start: 0 }, '0 and undefined'],
  [{}, 'undefined and undefined'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[0, 5], 'undefined and undefined'],
  [7, '7'],
]

test.each(wrong)('%o is none', (each, got) => {
  expect(() => checkedWindow('mine', each as Window)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `mine: expected a window with a start < end, got ${got}`,
    }),
  )
})

test('one that an assigner gives ends the job', async () => {
  const shared: WindowAssigner = { name: 'backwards', assign: (time) => [{ start: time, end: time - 1 }] }
  for (const windows of [shared, { ...shared, merges: () => false }]) {
    const job = run(fromIterable([event(1, 5, 'a')]).pipe(window(windows, sum())), () => {})
    expect(await failureOf(job.done)).toMatchObject({
      code: 'invalid-argument',
      message: "window: backwards: expected a window with a start < end, got 5 and 4 (key 'a', event time 5)",
    })
  }
})
