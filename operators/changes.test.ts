import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { event, idle, watermark } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import type { PaneInfo } from '../lib/window.ts'
import { collect } from '../testing/collect.ts'
import { changes } from './index.ts'

test('gives what comes and what is taken back, in order, and ends with the stream', async () => {
  const elements = from([event(1, 5, 'a'), watermark(5), idle, event(1, 5, 'a', -1), event(2, 3, 'b')])
  expect(await collect(elements.pipe(changes()))).toEqual([
    { op: '+', key: 'a', value: 1, time: 5, pane: undefined },
    { op: '-', key: 'a', value: 1, time: 5, pane: undefined },
    { op: '+', key: 'b', value: 2, time: 3, pane: undefined },
  ])
})

test('says which pane of which window a value is', async () => {
  const window = { start: 0, end: 5 }
  const pane: PaneInfo = { window, timing: 'early', index: 2, isFirst: false, isLast: true, nonSpeculativeIndex: -1 }
  const elements = from([event(7, 4, 'a', 1, pane), event(7, 4, 'a', -1, pane)])
  expect(await collect(elements.pipe(changes()))).toEqual([
    { op: '+', key: 'a', value: 7, time: 4, pane },
    { op: '-', key: 'a', value: 7, time: 4, pane },
  ])
})

test('applied one after the other, they are a table', async () => {
  const elements = from([
    event(1, 1, 'a'),
    event(5, 2, 'b'),
    event(1, 1, 'a', -1),
    event(3, 4, 'a'),
    event(5, 2, 'b', -1),
  ])
  const table = new Map<string, number>()
  const tables: string[] = []
  await run(elements.pipe(changes()), ({ op, key, value }) => {
    if (op === '+') table.set(key, value)
    else table.delete(key)
    tables.push(JSON.stringify(Object.fromEntries(table)))
  }).done
  expect(tables).toEqual(['{"a":1}', '{"a":1,"b":5}', '{"b":5}', '{"b":5,"a":3}', '{"a":3}'])
})
