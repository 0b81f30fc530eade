import { expect, test } from 'vitest'
import { collect } from '../testing/collect.ts'
import { steady } from './pace.ts'
import { paced } from './paced.ts'

test.each([[[1]], [[3]], [[2, 0, 1]], [[0, 0, 4]]])('reads everything in chunks of %j, slowly too', async (chunks) => {
  for (const reads of [[0], [3], [0, 1]]) {
    expect(await collect(paced([1, 2, 3, 4, 5], { ...steady, chunks, reads }))).toEqual([1, 2, 3, 4, 5])
  }
})

test('refuses chunks that are all empty', () => {
  const message = 'paced: expected a chunk that is not empty, got [0,0]'
  expect(() => paced([1], { ...steady, chunks: [0, 0] })).toThrow(message)
})
