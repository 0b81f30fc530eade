import { expect, test } from 'vitest'
import { boundedOutOfOrderness } from './bounded-out-of-orderness.ts'

test.each([
  {
    title: 'stays the delay behind the highest time, and never goes back',
    delay: 10,
    times: [12_345, 12_300, 12_340, 12_280, 12_346],
    watermarks: [12_335, 12_335, 12_335, 12_335, 12_336],
  },
  { title: 'is the highest time with a delay of 0', delay: 0, times: [5, 7, 6], watermarks: [5, 7, 7] },
  { title: 'works before the epoch', delay: '1s', times: [-5_000, 500], watermarks: [-6_000, -500] },
  { title: 'is never -0', delay: 0, times: [-0], watermarks: [0] },
  { title: 'is 0 and not -0 when a time equals the delay', delay: 5, times: [5], watermarks: [0] },
])('$title', ({ delay, times, watermarks }) => {
  const generator = boundedOutOfOrderness(delay).create()
  expect(times.map((time) => generator.onEvent('value', time))).toStrictEqual(watermarks)
})

test('begins anew with each generator', () => {
  const strategy = boundedOutOfOrderness(10)
  strategy.create().onEvent('value', 1_000)
  expect(strategy.create().onEvent('value', 50)).toBe(40)
})

test('has a name and its options in ms', () => {
  expect(boundedOutOfOrderness('90s', { idleTimeout: '1m', maxFutureSkew: 0 })).toMatchObject({
    name: 'boundedOutOfOrderness(1m30s)',
    idleTimeout: 60_000,
    maxFutureSkew: 0,
  })
  expect(boundedOutOfOrderness(5)).toMatchObject({ idleTimeout: undefined, maxFutureSkew: undefined })
})

test.each([
  [-1, {}, 'invalid-argument', 'boundedOutOfOrderness: delay must be >= 0, got -1'],
  [
    'soon',
    {},
    'invalid-duration',
    "boundedOutOfOrderness: delay: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'soon'",
  ],
  [0, { idleTimeout: 0 }, 'invalid-argument', 'boundedOutOfOrderness: idleTimeout must be > 0, got 0'],
  [0, { maxFutureSkew: '-1s' }, 'invalid-argument', "boundedOutOfOrderness: maxFutureSkew must be >= 0, got '-1s'"],
])('refuses %s, %o', (delay, options, code, message) => {
  expect(() => boundedOutOfOrderness(delay, options)).toThrow(expect.objectContaining({ code, message }))
})
