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
