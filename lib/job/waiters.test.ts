import { expect, test } from 'vitest'
import type { Unfinished } from './driver-host.ts'
import { Waiters } from './waiters.ts'

function operator(order: number): Unfinished {
  return { order, resume: () => true }
}

const [first, second, third] = [operator(0), operator(1), operator(2)]

test('one that is full holds back what was wired after it, until there is room', () => {
  let wakes = 0
  const waiters = new Waiters(() => (wakes += 1))
  expect(waiters.isAnyFull).toBe(false)
  waiters.setFull(second, true)
  waiters.setFull(second, true)
  expect([first, second, third].map((each) => waiters.holdsBack(each))).toEqual([false, false, true])
  expect(waiters.isAnyFull).toBe(true)
  expect(wakes).toBe(0)
  waiters.setFull(second, false)
  waiters.setFull(second, false)
  expect([first, second, third].map((each) => waiters.holdsBack(each))).toEqual([false, false, false])
  expect(waiters.isAnyFull).toBe(false)
  expect(wakes).toBe(1)
})

test('what has been answered is taken once, in that order, but for what is held back', () => {
  let wakes = 0
  const waiters = new Waiters(() => (wakes += 1))
  for (const each of [third, first, second, third]) waiters.answer(each)
  expect(wakes).toBe(4)
  waiters.setFull(second, true)
  expect([waiters.take(), waiters.take(), waiters.take()]).toEqual([first, second, undefined])
  waiters.setFull(second, false)
  expect([waiters.take(), waiters.take()]).toEqual([third, undefined])
})

test('one that is torn down holds back nothing, and has nothing to hand on', () => {
  const waiters = new Waiters(() => {})
  waiters.setFull(first, true)
  waiters.answer(first)
  waiters.remove(first)
  expect(waiters.isAnyFull).toBe(false)
  expect(waiters.take()).toBeUndefined()
})
