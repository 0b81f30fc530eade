import { expect, test } from 'vitest'
import { type Diff, type Element, event, idle, watermark } from '../lib/element.ts'
import type { PaneInfo } from '../lib/window.ts'
import { finalResult } from './final-result.ts'

type Output = Element<number, string, PaneInfo, Diff>

function pane(key: string, start: number, end: number, value: number, diff: Diff = 1): Output {
  const info = { window: { start, end }, timing: 'on-time', index: 0, isFirst: true, isLast: false } as const
  return event(value, end - 1, key, diff, { ...info, nonSpeculativeIndex: 0 })
}

test.each<[string, readonly Output[], readonly (readonly [string, number, number, number])[]]>([
  ['nothing is nothing', [watermark(5), idle], []],
  [
    'of each key and window, sorted',
    [pane('b', 5, 10, 1), pane('b', 0, 5, 2), pane('a', 0, 5, 3)],
    [
      ['a', 0, 5, 3],
      ['b', 0, 5, 2],
      ['b', 5, 10, 1],
    ],
  ],
  ['the last pane counts', [pane('a', 0, 5, 1), watermark(5), pane('a', 0, 5, 3)], [['a', 0, 5, 3]]],
  [
    'a pane that is taken back and given anew',
    [pane('a', 0, 5, 1), pane('a', 0, 5, 1, -1), pane('a', 0, 5, 3)],
    [['a', 0, 5, 3]],
  ],
  ['a pane that is taken back', [pane('a', 0, 5, 1), pane('b', 0, 5, 2), pane('a', 0, 5, 1, -1)], [['b', 0, 5, 2]]],
  [
    'sessions that merged',
    [
      pane('a', 0, 5, 1),
      pane('a', 8, 14, 2),
      pane('b', 8, 14, 9),
      pane('a', 0, 5, 1, -1),
      pane('a', 8, 14, 2, -1),
      pane('a', 0, 14, 4),
    ],
    [
      ['a', 0, 14, 4],
      ['b', 8, 14, 9],
    ],
  ],
])('%s', (_, elements, expected) => {
  const results = finalResult(elements).flatMap((result) =>
    'window' in result ? [[result.key, result.window.start, result.window.end, result.value]] : [],
  )
  expect(results).toEqual(expected)
})
