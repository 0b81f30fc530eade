import { expect, test } from 'vitest'
import { event } from '../element.ts'
import { type Contender, Ranking } from './ranking.ts'

const contender = (by: number | string, number: number): Contender<string, number> => ({
  row: event(`${by}`, 1, number),
  by,
  number,
})

test('has the largest first, and of equal ones the one that came first', () => {
  const ranking = new Ranking<string, number>()
  const all = [3, 5, 3, 9, 5].map(contender)
  for (const each of all) ranking.add(each)
  const keys = (): unknown => Array.from({ length: ranking.size }, (_, i) => ranking.at(i)?.row.key)
  expect(keys()).toEqual([3, 1, 4, 0, 2])
  expect(all.map((each) => ranking.countBefore(each, 3))).toEqual([3, 1, 3, 0, 2])
  for (const each of all.slice(0, 2)) ranking.remove(each)
  expect(keys()).toEqual([3, 4, 2])
  expect(ranking.at(3)).toBeUndefined()
})

test('knows the first places and how many are before a row, however many there are', () => {
  const ranking = new Ranking<string, number>()
  const all = Array.from({ length: 3_000 }, (_, i) => contender((i * 1_009) % 3_001, i))
  for (const each of all) ranking.add(each)
  for (const each of all.slice(0, 1_000)) ranking.remove(each)
  const sorted = all.slice(1_000).toSorted((a, b) => Number(b.by) - Number(a.by))
  expect(ranking.size).toBe(2_000)
  expect(sorted.map((_, i) => ranking.at(i))).toEqual(sorted)
  expect(sorted.map((each) => ranking.countBefore(each, 1_500))).toEqual(sorted.map((_, i) => Math.min(i, 1_500)))
})

test('refuses what has no order', () => {
  const ranking = new Ranking<string, number>()
  ranking.add(contender(1, 0))
  expect(() => ranking.add(contender('a', 1))).toThrow("topN: expected values of one kind, got 'a' beside 1")
})

test('a place is found by looking at few rows, however many there are', () => {
  let looks = 0
  const counted = (number: number): Contender<number, number> => ({
    row: event(number, number, number),
    number,
    get by() {
      looks += 1
      return (number * 7_919) % 10_007
    },
  })
  const ranking = new Ranking<number, number>()
  for (let number = 0; number < 10_000; number++) ranking.add(counted(number))
  looks = 0
  const one = counted(10_001)
  ranking.add(one)
  ranking.remove(one)
  // Two searches of 14 steps each, with a few looks a step.
  expect(looks).toBeLessThan(250)
})
