import { expect, test } from 'vitest'
import { messageOf, show, TidemarkError } from './errors.ts'

test.each<[string, unknown, string]>([
  ['a text', 'ab', "'ab'"],
  ['an empty text', '', "''"],
  ['a text of 80', 'x'.repeat(80), `'${'x'.repeat(80)}'`],
  ['a longer text', 'x'.repeat(81), `'${'x'.repeat(77)}...'`],
  ['a number', -1.5, '-1.5'],
  ['NaN', Number.NaN, 'NaN'],
  ['a bigint', 5n, '5n'],
  ['a boolean', false, 'false'],
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a symbol', Symbol('id'), 'Symbol(id)'],
  ['a Date', new Date(0), 'the Date 1970-01-01T00:00:00.000Z'],
  ['an invalid Date', new Date(Number.NaN), 'an invalid Date'],
  ['an array', [1, 2], 'an array of 2'],
  ['a function', () => {}, 'a function'],
  ['a class', Error, 'a function'],
  ['an object', { a: 1 }, 'an object'],
  ['one without prototype', Object.create(null), 'an object'],
  [
    'one that throws when it becomes a text',
    {
      toString(): string {
        throw new Error('no')
      },
    },
    'an object',
  ],
])('shows %s', (_, value, shown) => {
  expect(show(value)).toBe(shown)
})

test('an error carries where it arose, and what caused it', () => {
  const cause = new Error('boom')
  const error = new TidemarkError('callback', 'map: boom', { cause, operator: 'map', key: 'a', time: 5 })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: 'TidemarkError', code: 'callback', operator: 'map', key: 'a', time: 5, cause })
})

test('an error without a cause has none, one caused by undefined has it', () => {
  expect('cause' in new TidemarkError('wiring', 'late: ...')).toBe(false)
  expect('cause' in new TidemarkError('wiring', 'late: ...', { cause: undefined })).toBe(true)
})

test.each<[unknown, string]>([
  [new Error('boom'), 'boom'],
  [new TypeError('no function'), 'no function'],
  ['boom', "'boom'"],
  [undefined, 'undefined'],
  [{ message: 'boom' }, 'an object'],
])('the message of %s', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message)
})
