import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { event, idle, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { run } from '../lib/run.ts'
import { collect } from '../testing/collect.ts'
import { filter, values } from './index.ts'

const elements = [event(1, 1, 'a'), watermark(1), event(2, 2, 'a', -1), event(3, 3, 'a'), watermark(3), idle]

test('lets events through as they are, and watermarks always', async () => {
  expect(await collect(from(elements).pipe(filter((n) => n !== 3)))).toEqual([
    event(1, 1, 'a'),
    watermark(1),
    event(2, 2, 'a', -1),
    watermark(3),
    idle,
    watermark(Infinity),
  ])
})

test('counts what it leaves out', async () => {
  const { operators, balanced } = await run(from(elements).pipe(filter((n) => n > 1)), () => {}).done
  expect(operators).toEqual([expect.objectContaining({ id: 'filter', in: 3, out: 2, contributed: 2, filtered: 1 })])
  expect(balanced).toBe(true)
})

test('sees the event, too', async () => {
  const elements = from([event('x', 4, 'a'), event('y', 6, 'b')])
  expect(
    await collect(
      elements.pipe(
        filter((_, { time }) => time > 5),
        values(),
      ),
    ),
  ).toEqual(['y'])
})

test('an error names key and event time', async () => {
  const pipeline = from([event(1, 5, 'a')]).pipe(
    filter(() => {
      throw new Error('boom')
    }),
  )
  expect(await failureOf(collect(pipeline))).toMatchObject({
    code: 'callback',
    message: "filter: boom (key 'a', event time 5)",
  })
})
