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
  expect(all.map((each) => ranking.add(each))).toEqual([0, 0, 2, 0, 2])
  const keys = (): unknown => Array.from({ length: ranking.size }, (_, i) => ranking.at(i)?.row.key)
  expect(keys()).toEqual([3, 1, 4, 0, 2])
  expect(all.slice(0, 2).map((each) => ranking.remove(each))).toEqual([3, 1])
  expect(keys()).toEqual([3, 4, 2])
  expect(ranking.at(3)).toBeUndefined()
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
