import { expect, test } from 'vitest'
import { hopping } from '../windows/hopping.ts'
import { type OpenSlice, Slices } from './slices.ts'

const { series } = hopping(10, 5)

function slicesOf(times: readonly number[], isSealed = false): Slices<string> {
  const slices = new Slices<string>()
  for (const time of times) slices.open(series.slice(time), isSealed)
  return slices
}

const startOf = (open: OpenSlice<string> | undefined): number | undefined => open?.slice.start

test('there is one for each span', () => {
  const slices = slicesOf([])
  const open = slices.open(series.slice(7), false)
  expect(slices.open(series.slice(5), true)).toBe(open)
  expect(slices.open(series.slice(10), false)).not.toBe(open)
  expect(open).toMatchObject({ slice: { start: 5, end: 10, first: 0, last: 1 }, parts: new Map(), events: 0 })
})

test('they are sealed in the order of time, those that take late events only never', () => {
  const slices = slicesOf([12, 2, 7])
  slices.open(series.slice(-8), true)
  const order: (number | undefined)[] = []
  for (let open = slices.unsealed; open !== undefined; open = slices.unsealed) {
    order.push(startOf(open))
    slices.seal()
  }
  expect(order).toEqual([0, 5, 10])
})

test('the windows to come are those with events, in their order', () => {
  // Times 2 and 22 are in windows -1, 0, and 3, 4.
  const slices = slicesOf([22, 2])
  const numbers: number[] = []
  for (let next = slices.windowAfter(-Infinity); next !== undefined; next = slices.windowAfter(next)) numbers.push(next)
  expect(numbers).toEqual([-1, 0, 3, 4])
  // A slice that comes later is seen, a window that has been before is not.
  slices.open(series.slice(22), false)
  expect(slices.windowAfter(4)).toBeUndefined()
  slices.open(series.slice(27), true)
  expect(slices.windowAfter(4)).toBe(5)
})

test('they are removed in the order of time, sealed or not', () => {
  const slices = slicesOf([12, 2], true)
  const late = slices.first
  expect(startOf(late)).toBe(0)
  slices.removeFirst()
  expect(startOf(slices.first)).toBe(10)
  slices.removeFirst()
  expect(slices.first).toBeUndefined()
  slices.removeFirst()
  expect(slices.open(series.slice(2), true)).not.toBe(late)
})
