import { expect, test } from 'vitest'
import { Line } from './line.ts'

interface Answer {
  readonly to: string
}

/** Takes all that may leave. */
function taken(line: Line<Answer>): (string | number)[] {
  const all: (string | number)[] = []
  for (let next = line.take(); next !== undefined; next = line.take())
    all.push(typeof next === 'object' ? next.to : next)
  return all
}

test('an ordered line gives answers in the order of the places', () => {
  const line = new Line<Answer>(true)
  const [a, b, c] = [line.place(), line.place(), line.place()]
  c({ to: 'c' })
  expect(taken(line)).toEqual([])
  a({ to: 'a' })
  expect(taken(line)).toEqual(['a'])
  b({ to: 'b' })
  expect(taken(line)).toEqual(['b', 'c'])
  expect(line.isEmpty).toBe(true)
})

test('an unordered line gives them as they come, but not across a mark', () => {
  const line = new Line<Answer>(false)
  const [a, b] = [line.place(), line.place()]
  line.mark(5)
  const c = line.place()
  line.mark('end')
  c({ to: 'c' })
  b({ to: 'b' })
  expect(taken(line)).toEqual(['b'])
  a({ to: 'a' })
  expect(taken(line)).toEqual(['a', 5, 'c', 'end'])
  expect(line.isEmpty).toBe(true)
})

test.each([true, false])('a mark waits for all before it (ordered: %s)', (isOrdered) => {
  const line = new Line<Answer>(isOrdered)
  const [a, b] = [line.place(), line.place()]
  line.mark(1)
  a({ to: 'a' })
  expect(taken(line)).toEqual(['a'])
  expect(line.isEmpty).toBe(false)
  b({ to: 'b' })
  expect(taken(line)).toEqual(['b', 1])
})

test.each([true, false])('of watermarks in a row the last is kept, other marks all (ordered: %s)', (isOrdered) => {
  const line = new Line<Answer>(isOrdered)
  const a = line.place()
  for (const mark of [1, 2, 'idle', 'active', 3, 4, 'end'] as const) line.mark(mark)
  a({ to: 'a' })
  expect(taken(line)).toEqual(['a', 2, 'idle', 'active', 4, 'end'])
})

test('what is there and has not been taken is no empty line', () => {
  const line = new Line<Answer>(false)
  expect(line.isEmpty).toBe(true)
  line.mark('idle')
  expect(line.isEmpty).toBe(false)
  expect(taken(line)).toEqual(['idle'])
  const a = line.place()
  expect(line.isEmpty).toBe(false)
  a({ to: 'a' })
  expect(line.isEmpty).toBe(false)
  expect(taken(line)).toEqual(['a'])
  expect(line.isEmpty).toBe(true)
})
