import { expect, test } from 'vitest'
import { Doorbell } from './doorbell.ts'

test('a ring ends the wait, and one before it ends the next', async () => {
  const bell = new Doorbell()
  const waited: string[] = []
  const waiting = bell.rung().then(() => waited.push('first'))
  expect(bell.isAwaited).toBe(true)
  await Promise.resolve()
  expect(waited).toEqual([])
  bell.ring()
  bell.ring()
  await waiting
  expect([bell.isAwaited, bell.hasRung]).toEqual([false, false])
  bell.ring()
  expect(bell.hasRung).toBe(true)
  await bell.rung()
  expect(bell.hasRung).toBe(false)
})
