import { describe, expect, test } from 'vitest'
import { cumulative } from '../windows/cumulative.ts'
import { hopping } from '../windows/hopping.ts'
import { SeriesTimes } from './series-times.ts'

const { series } = hopping(10, 5)
const slice = series.slice(12)

test('a window expires when the watermark has reached its end and the lateness', () => {
  expect(new SeriesTimes(series, 0).expiry(0)).toBe(10)
  expect(new SeriesTimes(series, 7).expiry(-1)).toBe(12)
})

describe('of the windows of a slice, here [5,15) and [10,20),', () => {
  test.each([
    [-Infinity, 1],
    [14, 1],
    [15, 2],
    [19, 2],
    [20, 3],
    [Infinity, 3],
  ])('at watermark %d the first incomplete one is %d', (watermark, number) => {
    expect(new SeriesTimes(series, 3).firstIncomplete(slice, watermark)).toBe(number)
  })

  test.each([
    [-Infinity, 1],
    [17, 1],
    [18, 2],
    [22, 2],
    [23, 3],
    [Infinity, 3],
  ])('at watermark %d the first that is kept is %d', (watermark, number) => {
    expect(new SeriesTimes(series, 3).firstKept(slice, watermark)).toBe(number)
  })
})

test('asks for few of many windows', () => {
  let asked = 0
  const { series: many } = cumulative(1_000_000, 1)
  const times = new SeriesTimes(
    {
      ...many,
      window(number) {
        asked += 1
        return many.window(number)
      },
    },
    0,
  )
  expect(times.firstIncomplete(many.slice(0), 123_456)).toBe(123_456)
  expect(asked).toBeLessThanOrEqual(21)
})
