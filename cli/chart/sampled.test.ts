import { expect, test } from 'vitest'
import { Sampled } from './sampled.ts'

test.each([
  [10, 10, 1],
  [4_096, 4_096, 1],
  [4_097, 2_049, 2],
  [8_192, 4_096, 2],
  [8_193, 2_049, 4],
  [1_000_000, 3_907, 256],
])('of %d it keeps %d, evenly spread', (count, kept, stride) => {
  const sampled = new Sampled<number>()
  for (let i = 0; i < count; i++) sampled.add(i)
  expect(sampled.count).toBe(count)
  expect(sampled.items).toEqual(Array.from({ length: kept }, (_, i) => i * stride))
})
