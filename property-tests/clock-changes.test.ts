import { expect, test } from 'vitest'
import { clockChanges } from './clock-changes.ts'

test.each([
  ['Europe/Berlin', 2018, ['2018-03-25T01:00:00.000Z', '2018-10-28T01:00:00.000Z']],
  ['America/New_York', 2018, ['2018-03-11T07:00:00.000Z', '2018-11-04T06:00:00.000Z']],
  ['Australia/Lord_Howe', 2018, ['2018-03-31T15:00:00.000Z', '2018-10-06T15:30:00.000Z']],
  ['Asia/Kolkata', 2018, []],
])('clocks of %s in %i', (zone, year, expected) => {
  expect(clockChanges(zone, year).map((time) => new Date(time).toISOString())).toEqual(expected)
})

test('refuses what is no zone', () => {
  expect(() => clockChanges('Moon/Sea', 2018)).toThrow("clockChanges: expected a time zone, got 'Moon/Sea'")
})
