import { expect, test } from 'vitest'
import type { Result } from '../rows.ts'
import { ChartData } from './chart-data.ts'

test('an event is in time, behind the watermark, or too late for every window', () => {
  const data = new ChartData(false)
  const [equal, behind, late] = [{}, {}, {}]
  data.event(equal, 10, 10)
  data.event(behind, 9, 10)
  data.event(late, 5, 10)
  data.late(late)
  expect(data.points['in time'].items).toEqual([{ time: 10, arrival: 1 }])
  expect(data.points.behind.items).toEqual([
    { time: 9, arrival: 2 },
    { time: 5, arrival: 3 },
  ])
  expect(data.points.late.items).toEqual([{ time: 5, arrival: 3 }])
  expect([data.first, data.last, data.arrived]).toEqual([5, 10, 3])
})

test.each([
  [false, [3], 1, [3]],
  [true, [3], 1, [undefined]],
  [false, ['a'], 1, [undefined]],
  [false, [3], -1, []],
] as const)('with keys: %j, a result %j (%j) shows %j', (hasKeys, value, diff, shown) => {
  const data = new ChartData(hasKeys)
  const result: Pick<Result, 'window' | 'timing' | 'value' | 'diff'> = {
    window: { start: 0, end: 5 },
    timing: 'late',
    value,
    diff,
  }
  data.pane(result as Result)
  expect(data.panes.items.map((pane) => pane.value)).toEqual(shown)
})
