import { from, type Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { type Element, event, idle, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { collect } from '../testing/collect.ts'
import { values } from './index.ts'

test('gives the values, and ends with the stream', async () => {
  const elements = from<Element<number | undefined, string | undefined>[]>([
    event(1, 5),
    watermark(5),
    idle,
    event(undefined, 3),
    event(1, 9, 'a'),
  ])
  expect(await collect(elements.pipe(values()))).toEqual([1, undefined, 1])
})

test('refuses a retraction, which a value can not express', async () => {
  const elements = from([event(1, 5, 'a'), event(1, 5, 'a', -1)]) as unknown as Observable<Element<number, string>>
  expect(await failureOf(collect(elements.pipe(values())))).toMatchObject({
    code: 'unsupported',
    message: "values: expected insertions only, got a retraction (key 'a', event time 5)",
  })
})
