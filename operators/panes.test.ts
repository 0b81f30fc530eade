import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { event, idle, watermark } from '../lib/element.ts'
import type { PaneInfo } from '../lib/window.ts'
import { collect } from '../testing/collect.ts'
import { panes } from './index.ts'

test('gives each value with all that is known of it, retractions too', async () => {
  const pane: PaneInfo = {
    window: { start: 0, end: 5 },
    timing: 'early',
    index: 2,
    isFirst: false,
    isLast: true,
    nonSpeculativeIndex: -1,
  }
  const elements = from([event(7, 4, 'a', 1, pane), watermark(5), idle, event(7, 4, 'a', -1, pane)])
  expect(await collect(elements.pipe(panes()))).toEqual([
    { ...pane, key: 'a', value: 7, diff: 1 },
    { ...pane, key: 'a', value: 7, diff: -1 },
  ])
})
