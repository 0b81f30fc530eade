import { expect, test } from 'vitest'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import type { Chunk } from '../chunk-source.ts'
import { run } from '../run.ts'
import type { Split } from '../split.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { defineSource } from './source.ts'
import { defineValueOperator } from './value-operator.ts'

const one: Split = { id: 'one', isWaiting: () => true, sharesWatermark: true }
const two: Split = { id: 'two', isWaiting: () => true, sharesWatermark: true }

function numbers(...given: readonly Chunk<number>[]) {
  const chunks = [...given]
  return defineSource<number>({ name: 'numbers', open: () => ({ read: () => chunks.shift(), close: () => {} }) })
}

test('splits that share a watermark have that of a source without splits', async () => {
  const chunks = [
    { values: [5, 9], split: one },
    { values: [], split: one, isLast: true },
    { values: [8, 12], split: two, isLast: true },
  ]
  const seen: unknown[] = []
  const stream = numbers(...chunks).pipe(assignTimestamps((n) => n, boundedOutOfOrderness(3, { idleTimeout: 1 })))
  const { operators } = await run(
    stream,
    (element) => void seen.push(element.kind === 'event' ? element.value : element),
  ).done
  const plain: unknown[] = []
  const same = numbers({ values: [5, 9] }, { values: [8, 12] }).pipe(
    assignTimestamps((n) => n, boundedOutOfOrderness(3)),
  )
  await run(same, (element) => void plain.push(element.kind === 'event' ? element.value : element)).done
  expect(seen).toEqual(plain)
  expect(operators).toMatchObject([{ entries: 0 }])
})

test('what is let go when a split closes is still of it, and comes before what follows', async () => {
  const seen: string[] = []
  const source = numbers(
    { values: [1], split: one, isLast: true },
    { values: [2], split: two },
    { values: [], split: two, isLast: true },
  )
  const watched = defineValueOperator<number, string>(source, {
    name: 'watched',
    create(context) {
      context.listen({ closing: (split) => void seen.push(`${split.id} closes in ${context.split?.id}`) })
      return (value) => {
        seen.push(`${value} of ${context.split?.id}`)
        context.counters.filtered += 1
      }
    },
  })
  await run(watched, () => {}).done
  expect(seen).toEqual(['1 of one', 'one closes in one', '2 of two', 'two closes in two'])
})
