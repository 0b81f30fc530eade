import { expect, test } from 'vitest'
import { isoTime } from './iso-time.ts'

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [8.64e15, '+275760-09-13T00:00:00.000Z'],
  [-8.64e15, '-271821-04-20T00:00:00.000Z'],
  [8.64e15 + 1, '8640000000000001'],
])('writes %d', (time, text) => {
  expect(isoTime(time)).toBe(text)
})
