import { expect, test } from 'vitest'
import { callbackError } from './callback-error.ts'
import { TidemarkError } from './errors.ts'

const boom = new Error('boom')

test.each<[string, { key: unknown; time: number } | undefined, string]>([
  ['without an event', undefined, 'map: boom'],
  ['at an event without a key', { key: undefined, time: -5 }, 'map: boom (event time -5)'],
  ['at an event with a key', { key: 'a', time: 0 }, "map: boom (key 'a', event time 0)"],
  ['at an event whose key is null', { key: null, time: 7 }, 'map: boom (key null, event time 7)'],
])('says where: %s', (_, event, message) => {
  const error = callbackError(boom, 'map', event)
  expect(error).toEqual(new TidemarkError('callback', message, { cause: boom, operator: 'map', ...event }))
  expect(error.cause).toBe(boom)
})

test('what says where already is left alone', () => {
  const inner = callbackError(boom, 'map', { key: 'a', time: 1 })
  expect(callbackError(inner, 'filter', { key: 'b', time: 2 })).toBe(inner)
})

test('an error of tidemark keeps its code and gets a place', () => {
  const error = callbackError(new TidemarkError('invalid-key', 'expected a key'), 'keyBy', { key: undefined, time: 3 })
  expect(error).toMatchObject({
    code: 'invalid-key',
    message: 'keyBy: expected a key (event time 3)',
    operator: 'keyBy',
    time: 3,
  })
})

test('anything may be thrown', () => {
  expect(callbackError('boom', 'map').message).toBe("map: 'boom'")
  expect(callbackError(undefined, 'map')).toMatchObject({ message: 'map: undefined', cause: undefined })
})
