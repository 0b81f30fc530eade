import { expect, test } from 'vitest'
import { event, idle, watermark } from '../lib/element.ts'
import type { PaneInfo } from '../lib/window.ts'
import { toMarble } from './to-marble.ts'

const pane: PaneInfo = {
  window: { start: 0, end: 5 },
  timing: 'late',
  index: 1,
  isFirst: false,
  isLast: false,
  nonSpeculativeIndex: 1,
}

test('records, watermarks and idle are themselves', () => {
  expect(toMarble(event('a', 3, 'x', -1))).toStrictEqual(event('a', 3, 'x', -1))
  expect(toMarble(watermark(5))).toStrictEqual(watermark(5))
  expect(toMarble(idle)).toBe(idle)
})

test('the watermark +Infinity is the end', () => {
  expect(toMarble(watermark(Infinity))).toEqual({ kind: 'end' })
})

test('an event out of a window is a pane', () => {
  expect(toMarble(event(2, 4, 'x', -1, pane))).toEqual({
    kind: 'pane',
    value: 2,
    time: 4,
    key: 'x',
    diff: -1,
    window: { start: 0, end: 5 },
    timing: 'late',
  })
})
