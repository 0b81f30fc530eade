import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { event, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { run } from '../lib/run.ts'
import { collect } from '../testing/collect.ts'
import { flatMap, map, values } from './index.ts'

const elements = from([event(2, 5, 'a'), watermark(5), event(0, 6, 'b', -1), event(1, 7, 'b', -1)])

function* countdown(n: number): Generator<number> {
  for (let i = n; i > 0; i--) yield i
}

test('gives each result the time, key and sign of its event', async () => {
  expect(await collect(elements.pipe(flatMap(countdown)))).toEqual([
    event(2, 5, 'a'),
    event(1, 5, 'a'),
    watermark(5),
    event(1, 7, 'b', -1),
    watermark(Infinity),
  ])
})

test.each<[string, (n: number) => Iterable<unknown>, readonly unknown[]]>([
  ['arrays', (n) => [n, n], [2, 2, 0, 0, 1, 1]],
  ['texts', (n) => 'ab'.slice(0, n), ['a', 'b', 'a']],
  ['sets', (n) => new Set([n, n]), [2, 0, 1]],
  ['values that are undefined', () => [undefined], [undefined, undefined, undefined]],
])('takes %s', async (_, project, results) => {
  const all = await collect(elements.pipe(flatMap(project)))
  expect(all.flatMap((element) => (element.kind === 'event' ? [element.value] : []))).toEqual(results)
})

test('an event that becomes nothing is counted as filtered, one that becomes many counts once', async () => {
  const { operators, balanced } = await run(elements.pipe(flatMap((n) => countdown(n))), () => {}).done
  expect(operators).toEqual([expect.objectContaining({ id: 'flatMap', in: 3, out: 3, contributed: 2, filtered: 1 })])
  expect(balanced).toBe(true)
})

test('an error of the generator comes after what it gave, and names key and event time', async () => {
  const seen: number[] = []
  const pipeline = elements.pipe(
    flatMap(function* (n) {
      yield n
      throw new Error('boom')
    }),
    map((n) => seen.push(n)),
  )
  expect(await failureOf(collect(pipeline))).toMatchObject({
    code: 'callback',
    message: "flatMap: boom (key 'a', event time 5)",
  })
  expect(seen).toEqual([2])
})

test('an error behind it closes the generator', async () => {
  let closed = 0
  const pipeline = elements.pipe(
    flatMap(function* (n) {
      try {
        for (;;) yield n
      } finally {
        closed += 1
      }
    }),
    map(() => {
      throw new Error('boom')
    }),
  )
  expect(await failureOf(collect(pipeline))).toMatchObject({ operator: 'map' })
  expect(closed).toBe(1)
})

test('what can not be iterated is an error of the function', async () => {
  const pipeline = elements.pipe(flatMap((n) => n as unknown as Iterable<number>))
  expect(await failureOf(collect(pipeline))).toMatchObject({ code: 'callback', operator: 'flatMap', key: 'a', time: 5 })
})

test('sees the event, too', async () => {
  const elements = from([event('x', 4, 'a'), event('y', 6, 'b')])
  expect(
    await collect(
      elements.pipe(
        flatMap((value, { key }) => [key, value]),
        values(),
      ),
    ),
  ).toEqual(['a', 'x', 'b', 'y'])
})
