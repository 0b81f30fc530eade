import { expect, test } from 'vitest'
import { punctuated } from './punctuated.ts'

const declared = punctuated((value: number | undefined) => value)

test.each([
  { title: 'says nothing before a value does', values: [undefined], watermarks: [-Infinity] },
  { title: 'is what the values say', values: [undefined, 5, undefined, 9], watermarks: [-Infinity, 5, 5, 9] },
  { title: 'stays when a value says less', values: [5, 3, 5, -1, 6], watermarks: [5, 5, 5, 5, 6] },
  { title: 'is never -0', values: [-0], watermarks: [0] },
])('$title', ({ values, watermarks }) => {
  const generator = declared.create()
  expect(values.map((value) => generator.onEvent(value, 1_000))).toStrictEqual(watermarks)
})

test('is asked with the value and its time', () => {
  const generator = punctuated((value: { isLast: boolean }, time) => (value.isLast ? time + 1 : undefined)).create()
  expect(generator.onEvent({ isLast: false }, 7)).toBe(-Infinity)
  expect(generator.onEvent({ isLast: true }, 7)).toBe(8)
})

test.each([
  [Number.NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [-Infinity, '-Infinity'],
  [0.5, '0.5'],
  [2 ** 53, '9007199254740992'],
])('refuses the watermark %d', (value, shown) => {
  expect(() => declared.create().onEvent(value, 0)).toThrow(
    expect.objectContaining({
      code: 'invalid-time',
      message: `punctuated: expected a whole number of ms or undefined, got ${shown}`,
    }),
  )
})

test('has a name and its options in ms', () => {
  expect(punctuated(() => 0, { idleTimeout: '1s' })).toMatchObject({
    name: 'punctuated()',
    idleTimeout: 1_000,
    maxFutureSkew: undefined,
  })
})

test('refuses options that are wrong', () => {
  expect(() => punctuated(() => 0, { idleTimeout: 0 })).toThrow('punctuated: idleTimeout must be > 0, got 0')
  // @ts-expect-error: no function
  expect(() => punctuated('time')).toThrow("punctuated: expected a function of the value and its time, got 'time'")
})
