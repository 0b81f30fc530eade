import { expect, test } from 'vitest'
import { toZone } from '../zone.ts'
import { timeTicks } from './time-ticks.ts'

const noon = Date.UTC(2018, 9, 11, 12)
const labels = (from: number, length: number, most: number, zone = 'UTC'): readonly string[] =>
  timeTicks(from, from + length, most, toZone(zone)).map(({ label }) => label)

test('times are round, in their zone', () => {
  expect(labels(noon + 60_000, 6 * 3_600_000, 7)).toEqual(['13:00', '14:00', '15:00', '16:00', '17:00', '18:00'])
  expect(labels(noon, 6 * 3_600_000, 3)).toEqual(['12:00', '15:00', '18:00'])
  expect(labels(noon, 2 * 3_600_000, 3, 'Asia/Kolkata')).toEqual(['18:00', '19:00'])
  expect(labels(noon, 60_000, 5)).toEqual(['12:00:00', '12:00:15', '12:00:30', '12:00:45', '12:01:00'])
  expect(labels(noon + 1, 25, 3)).toEqual(['12:00:00.010', '12:00:00.020'])
  expect(labels(noon, 20 * 86_400_000, 3)).toEqual(['2018-10-18', '2018-10-25'])
})

test('they are few, and end', () => {
  expect(labels(noon, 0, 5)).toEqual(['12:00:00.000'])
  expect(labels(-8.64e15, 2 * 8.64e15, 5).length).toBeLessThanOrEqual(5)
  for (let length = 1; length < 1e12; length *= 3) expect(labels(noon, length, 4).length).toBeLessThanOrEqual(4)
})
