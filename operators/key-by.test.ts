import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { count } from '../lib/aggregates/count.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { afterCount } from '../lib/triggers/after-count.ts'
import { repeatedly } from '../lib/triggers/repeatedly.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { event, idle, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { run } from '../lib/run.ts'
import { collect } from '../testing/collect.ts'
import { type Key, keyBy, materialize, panes, window } from './index.ts'

test.each<[Key]>([['a'], [''], [0], [-1.5], [Number.NaN], [5n], [true], [false], [null], [undefined]])(
  '%s can be a key',
  async (key) => {
    const elements = await collect(from([event(1, 5), event(2, 6)]).pipe(keyBy(() => key)))
    expect(elements).toEqual([event(1, 5, key), event(2, 6, key), watermark(Infinity)])
  },
)

test('equal keys are one key, also NaN and -0', async () => {
  const keys: readonly Key[] = ['a', Number.NaN, 0, 'a', Number.NaN, -0, 1, 1n, '1', null, undefined]
  const counts = await collect(
    from(keys.map((key) => event(key, 1))).pipe(
      keyBy((key) => key),
      window(tumbling(5), count()),
      panes(),
    ),
  )
  expect(counts.map(({ key, value }) => [key, value])).toEqual([
    ['a', 2],
    [Number.NaN, 2],
    [0, 2],
    [1, 1],
    [1n, 1],
    ['1', 1],
    [null, 1],
    [undefined, 1],
  ])
})

test.each<[unknown, string]>([
  [{ host: 'a' }, 'an object'],
  [['a', 'b'], 'an array of 2'],
  [new Date(0), 'the Date 1970-01-01T00:00:00.000Z'],
  [Object('a'), 'an object'],
  [() => 'a', 'a function'],
])('%s is refused, because two that look alike would be two keys', async (key, shown) => {
  const pipeline = from([event(1, 5)]).pipe(keyBy(() => key as Key))
  expect(await failureOf(collect(pipeline))).toMatchObject({
    code: 'invalid-key',
    message: `keyBy: expected a key that is a text, number or other primitive value, got ${shown} (event time 5)`,
    operator: 'keyBy',
  })
})

test('a key may be of the key before, and of the window', async () => {
  const upserts = from([event(1, 1, 'a'), event(2, 2, 'a'), event(4, 7, 'b')])
  const trigger = repeatedly(afterCount(1))
  const table = upserts.pipe(
    window(tumbling(5), sum(), { trigger, accumulation: 'retracting' }),
    keyBy((_, { key, pane }) => `${key} ${pane.window.start}`),
  )
  const view = materialize<number, string>()
  await run(table, view).done
  expect([...view.entries()]).toEqual([
    ['a 0', 3],
    ['b 5', 4],
  ])
})

test('a function that throws is named with the key the event had before', async () => {
  const pipeline = from([event(1, 5, 'old')]).pipe(
    keyBy(() => {
      throw new Error('boom')
    }),
  )
  expect(await failureOf(collect(pipeline))).toMatchObject({ message: "keyBy: boom (key 'old', event time 5)" })
})

test('everything else stays as it is: time, sign, watermarks, idleness', async () => {
  const elements = from([event('a', 5, 'old', -1), watermark(5), idle] as const)
  expect(await collect(elements.pipe(keyBy(() => 'new')))).toEqual([
    event('a', 5, 'new', -1),
    watermark(5),
    idle,
    watermark(Infinity),
  ])
})

test('can have an id', async () => {
  const { operators } = await run(from([event(1, 5)]).pipe(keyBy(() => 'a', { id: 'by host' })), () => {}).done
  expect(operators).toEqual([expect.objectContaining({ id: 'by host', name: 'keyBy', in: 1, out: 1 })])
})
