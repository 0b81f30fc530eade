import fc from 'fast-check'
import { expectTypeOf, test } from 'vitest'
import type { Stream } from '../lib/element.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { values } from '../operators/values.ts'
import { checkPipeline, type CheckReport } from './check-pipeline.ts'
import { events } from './events.ts'
import * as laws from './laws/index.ts'

interface Hit {
  readonly page: string
}

const options = {
  events: events<Hit>({ value: fc.record({ page: fc.string() }), span: '1h' }),
  watermark: boundedOutOfOrderness('1m'),
}

test('the events that arrive say what the pipeline and its laws are about', () => {
  const checked = checkPipeline(
    (hits) => {
      const pages = hits.pipe(values())
      pages.subscribe((hit) => expectTypeOf(hit).toEqualTypeOf<Hit>())
      return pages
    },
    {
      ...options,
      laws: [laws.noStateLeft(), laws.keyIndependent<Hit>((hit) => hit.page), laws.equalsBatch<Hit>(() => [])],
    },
  )
  expectTypeOf(checked).toEqualTypeOf<Promise<CheckReport>>()
})

test('a law about other values is refused', () => {
  const aboutNumbers = laws.keyIndependent<number>((n) => n)
  // @ts-expect-error -- hits are no numbers
  void checkPipeline((hits) => hits, { ...options, laws: [aboutNumbers] })
})

test('so is a pipeline of other values', () => {
  const ofNumbers = (numbers: Stream<number, undefined, undefined>): typeof numbers => numbers
  // @ts-expect-error -- hits are no numbers
  void checkPipeline(ofNumbers, { ...options, laws: [] })
})
