import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { event, idle, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { collect } from '../testing/collect.ts'
import { map, values } from './index.ts'

test('changes the value alone', async () => {
  const pane = {
    window: { start: 0, end: 5 },
    timing: 'late',
    index: 1,
    isFirst: false,
    isLast: false,
    nonSpeculativeIndex: 1,
  } as const
  const elements = from([event(2, 4, 'a', -1, pane), watermark(5), idle] as const)
  expect(await collect(elements.pipe(map((n) => ({ n }))))).toEqual([
    event({ n: 2 }, 4, 'a', -1, pane),
    watermark(5),
    idle,
    watermark(Infinity),
  ])
})

test('sees the event, too', async () => {
  const elements = from([event('x', 4, 'a'), event('y', 6, 'b')])
  expect(
    await collect(
      elements.pipe(
        map((value, { key, time }) => `${key} ${value} ${time}`),
        values(),
      ),
    ),
  ).toEqual(['a x 4', 'b y 6'])
})

test('an error names key and event time', async () => {
  const pipeline = from([event(1, 5, 'a')]).pipe(
    map(() => {
      throw new Error('boom')
    }),
  )
  expect(await failureOf(collect(pipeline))).toMatchObject({
    code: 'callback',
    message: "map: boom (key 'a', event time 5)",
  })
})
