import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { event, type Event, watermark } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { aggregate } from './aggregate.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { inOrder } from './in-order.ts'

test('events leave in the order of their times, of all keys, of one time as they came', async () => {
  const late = sideOutput<Event<number, string, undefined>>('late')
  const { actual, expected } = await runMarbles<number>(
    `
    in    x:1@5  y:2@3  x:3@5  ~3  ~5       x:4@4     ~6
    out                        ~3  y:2@3&~5           x:1@5&x:3@5&~6
    late                                    L(x:4@4)
    `,
    ({ in: source }) => ({ out: source.pipe(inOrder({ late })), late }),
  )
  expect(actual).toBe(expected)
})

test('retractions keep behind what they take back', async () => {
  const changes = fromIterable([event(1, 4, 'x'), event(2, 3, 'x'), event(3, 9, 'x')]).pipe(
    aggregate(sum(), { keep: 'forever' }),
  )
  const out = await collect(changes.pipe(inOrder()))
  expect(out).toEqual([
    event(3, 3, 'x'),
    event(3, 3, 'x', -1),
    event(1, 4, 'x'),
    event(1, 4, 'x', -1),
    event(6, 9, 'x'),
    watermark(Infinity),
  ])
  expect(isInsertOnlyStream(changes.pipe(inOrder()))).toBe(false)
})

test('leaves in turns of any size, and then holds nothing', async () => {
  const input = Array.from({ length: 10 }, (_, i) => event(i, 10 - i))
  const out: number[] = []
  const sizes: number[] = []
  const { operators } = await run(
    fromIterable(input).pipe(inOrder()),
    {
      name: 'sizes',
      write(batch) {
        sizes.push(batch.length)
        for (const element of batch) if (element.kind === 'event') out.push(element.value)
      },
    },
    { batchSize: 3 },
  ).done
  expect(out).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4)
  expect(operators[0]).toMatchObject({ in: 10, contributed: 10, held: 0, entries: 0 })
})
