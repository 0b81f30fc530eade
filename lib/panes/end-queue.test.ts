import { expect, test } from 'vitest'
import { EndQueue, type Growing } from './end-queue.ts'

interface Item extends Growing {
  window: { start: number; end: number }
  isGone: boolean
  isHere: boolean
}

function item(number: number, end: number): Item {
  return { number, window: { start: 0, end }, isGone: false, isHere: true, queued: 0 }
}

function queueOf(...items: readonly Item[]): EndQueue<Item> {
  const queue = new EndQueue<Item>(({ isHere }) => isHere)
  for (const each of items) queue.push(each)
  return queue
}

function taken(queue: EndQueue<Item>, time: number): number[] {
  const numbers: number[] = []
  for (let next = queue.take(time); next !== undefined; next = queue.take(time)) numbers.push(next.number)
  return numbers
}

test('gives windows in the order of their ends, and of their numbers, up to a time', () => {
  const queue = queueOf(item(0, 10), item(3, 5), item(1, 7), item(2, 5))
  expect(queue.due).toBe(5)
  expect(taken(queue, 4)).toEqual([])
  expect(taken(queue, 9)).toEqual([2, 3, 1])
  expect(queue.due).toBe(10)
  expect(taken(queue, Infinity)).toEqual([0])
  expect([queue.due, queue.take(Infinity)]).toEqual([Infinity, undefined])
})

test('puts one that has grown back to where it belongs', () => {
  const grown = item(0, 5)
  const queue = queueOf(grown, item(1, 7))
  grown.window.end = 9
  // No window ends before that, though this one does not end then.
  expect(queue.due).toBe(5)
  expect(taken(queue, 8)).toEqual([1])
  expect(queue.due).toBe(9)
  expect(taken(queue, 9)).toEqual([0])
})

test('gives one that has grown many times once', () => {
  const grown = item(0, 5)
  const queue = queueOf(grown)
  for (const end of [6, 7, 8]) {
    grown.window.end = end
    expect(queue.take(end - 1)).toBeUndefined()
  }
  expect(taken(queue, 100)).toEqual([0])
})

test('drops one that has gone, or belongs elsewhere', () => {
  const gone = item(0, 5)
  const elsewhere = item(1, 6)
  const queue = queueOf(gone, elsewhere, item(2, 7))
  gone.isGone = true
  elsewhere.isHere = false
  expect(taken(queue, 100)).toEqual([2])
  // It is back, and has to say so.
  elsewhere.isHere = true
  expect(taken(queue, 100)).toEqual([])
  queue.push(elsewhere)
  expect(taken(queue, 100)).toEqual([1])
})

test('gives one that went elsewhere, grew and came back at its new end only', () => {
  const back = item(0, 5)
  const queue = queueOf(back)
  back.window.end = 9
  queue.push(back)
  expect(taken(queue, 8)).toEqual([])
  expect(taken(queue, 100)).toEqual([0])
})
