import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoTime, isoTimeIn } from './iso-time.ts'
import { toZone } from './zone.ts'

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [8.64e15, '+275760-09-13T00:00:00.000Z'],
  [-8.64e15, '-271821-04-20T00:00:00.000Z'],
  [8.64e15 + 1, '8640000000000001'],
])('writes %d', (time, text) => {
  expect(isoTime(time)).toBe(text)
})

test('what is remembered is that of the time asked for', () => {
  const times = fc.array(fc.constantFrom(0, 60_000, 120_000, -0.5e12))
  fc.assert(
    fc.property(times, fc.constantFrom('UTC', '+05:30'), (all, zone) => {
      const time = isoTimeIn(toZone(zone))
      expect(all.map((each) => time(each))).toEqual(all.map((each) => isoTimeIn(toZone(zone))(each)))
    }),
  )
})
