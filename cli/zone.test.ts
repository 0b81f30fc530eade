import { expect, test } from 'vitest'
import { isoTimeIn } from './iso-time.ts'
import { toZone } from './zone.ts'

const hour = 3_600_000

test('the clocks of a zone show its time, before and after they are moved', () => {
  const zone = toZone('Europe/Amsterdam')
  const back = Date.UTC(2018, 9, 28, 1)
  expect(zone.shown(back - 1) - (back - 1)).toBe(2 * hour)
  expect(zone.shown(back) - back).toBe(hour)
  expect(zone.shown(back - 1) - (back - 1)).toBe(2 * hour)
})

test('of two times that clocks show as the same the first counts, and what they skip is as much later', () => {
  const zone = toZone('Europe/Amsterdam')
  expect(zone.time(Date.UTC(2018, 9, 28, 2, 30))).toBe(Date.UTC(2018, 9, 28, 0, 30))
  expect(zone.time(Date.UTC(2018, 2, 25, 2, 30))).toBe(Date.UTC(2018, 2, 25, 1, 30))
  expect(zone.time(Date.UTC(2018, 2, 25, 3, 30))).toBe(Date.UTC(2018, 2, 25, 1, 30))
})

test.each([
  ['UTC', 0, '1970-01-01T00:00:00.000Z'],
  ['Europe/Amsterdam', 0, '1970-01-01T01:00:00.000+01:00'],
  ['America/St_Johns', 0, '1969-12-31T20:30:00.000-03:30'],
  ['+05:30', -1, '1970-01-01T05:29:59.999+05:30'],
  ['America/New_York', Date.UTC(1880, 0, 1), '1879-12-31T19:03:58.000-04:56:02'],
  ['Europe/Amsterdam', Infinity, 'Infinity'],
])('%s shows %d as %s', (name, time, text) => {
  expect(isoTimeIn(toZone(name))(time)).toBe(text)
})

test('refuses a zone that is none', () => {
  expect(() => toZone('Mars/Olympus')).toThrow(
    "--tz: expected a time zone such as Europe/Amsterdam, UTC or +05:30, got 'Mars/Olympus'",
  )
})
