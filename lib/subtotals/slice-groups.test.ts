import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hopping } from '../windows/hopping.ts'
import { SliceGroups } from './slice-groups.ts'

const times = fc.array(fc.record({ time: fc.integer({ min: 0, max: 60 }), key: fc.constantFrom('a', 'b') }))
const delays = fc.constantFrom(0, 1, 5, 10, Infinity)
const { series } = hopping(10, 5)

test('events are in time as long as none is in a slice that the watermark has passed', () => {
  fc.assert(
    fc.property(times, delays, (events, delay) => {
      const groups = new SliceGroups<string>(series, delay)
      let highest = -Infinity
      for (const { time } of events) {
        const isInTime = series.slice(time).end > highest - delay
        expect(groups.turnTo(time)).toBe(isInTime)
        if (!isInTime) return
        highest = Math.max(highest, time)
        expect(groups.highest).toBe(highest)
      }
      expect(groups.watermark()).toBe(
        delay === Infinity ? undefined : Math.max(highest - delay, Number.MIN_SAFE_INTEGER),
      )
      expect(groups.end).toBe(Math.min(...events.map(({ time }) => series.slice(time).end)))
    }),
  )
})

test('a key in a slice is a group, numbered in the order in which they come', () => {
  fc.assert(
    fc.property(times, (events) => {
      const groups = new SliceGroups<string>(series, Infinity)
      const expected = new Map<string, number>()
      for (const { time, key } of events) {
        groups.turnTo(time)
        const name = `${key} ${series.slice(time).start}`
        if (!expected.has(name)) expected.set(name, expected.size)
        const group = groups.groupOf(key, time)
        expect(group).toBe(expected.get(name))
        expect(groups.keys[group]).toBe(key)
        expect(series.slice(groups.times[group] ?? -1)).toEqual(series.slice(time))
      }
      expect(groups.keys.length).toBe(expected.size)
    }),
  )
})
