import { expectTypeOf, test } from 'vitest'
import type { WatermarkStrategy } from './watermark-strategy.ts'
import { boundedOutOfOrderness } from './bounded-out-of-orderness.ts'
import { monotonous } from './monotonous.ts'
import { punctuated } from './punctuated.ts'

interface Hit {
  readonly time: number
}

declare function assign<T>(timeOf: (value: T) => number, strategy: WatermarkStrategy<T>): (value: T) => void

test('a strategy that does not look at values fits all', () => {
  expectTypeOf(assign((hit: Hit) => hit.time, boundedOutOfOrderness('1s'))).toEqualTypeOf<(value: Hit) => void>()
  expectTypeOf(assign((hit: Hit) => hit.time, monotonous())).toEqualTypeOf<(value: Hit) => void>()
  expectTypeOf(boundedOutOfOrderness('1s')).toExtend<WatermarkStrategy<Hit>>()
})

test('punctuated knows the values from where it stands', () => {
  assign(
    (hit: Hit) => hit.time,
    punctuated((hit, time) => {
      expectTypeOf(hit).toEqualTypeOf<Hit>()
      expectTypeOf(time).toEqualTypeOf<number>()
      return hit.time
    }),
  )
  expectTypeOf(punctuated((hit: Hit) => hit.time)).toEqualTypeOf<WatermarkStrategy<Hit>>()
  // @ts-expect-error: a watermark is a number
  punctuated((hit: Hit) => String(hit.time))
})
