import { expect, test } from 'vitest'
import { monotonous } from './monotonous.ts'

test.each([
  { title: 'is the highest time', times: [100, 101, 101, 205], watermarks: [100, 101, 101, 205] },
  { title: 'stays when a time goes back', times: [-5, -7, 3, 2], watermarks: [-5, -5, 3, 3] },
  { title: 'is never -0', times: [-1, -0], watermarks: [-1, 0] },
])('$title', ({ times, watermarks }) => {
  const generator = monotonous().create()
  expect(times.map((time) => generator.onEvent('value', time))).toStrictEqual(watermarks)
})

test('has a name and its options in ms', () => {
  expect(monotonous({ idleTimeout: '10s', maxFutureSkew: '1h' })).toMatchObject({
    name: 'monotonous()',
    idleTimeout: 10_000,
    maxFutureSkew: 3_600_000,
  })
})

test.each([
  [{ idleTimeout: -1 }, 'monotonous: idleTimeout must be > 0, got -1'],
  [{ maxFutureSkew: -1 }, 'monotonous: maxFutureSkew must be >= 0, got -1'],
])('refuses %o', (options, message) => {
  expect(() => monotonous(options)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
})
