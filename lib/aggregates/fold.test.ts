import { expect, test } from 'vitest'
import { fold } from './fold.ts'

const steps = {
  create: (): number[] => [],
  add: (seen: number[], value: number, time: number) => [...seen, value + time],
  merge: (into: number[], from: number[]) => [...into, ...from],
}

test('takes the steps as they are', () => {
  const aggregate = fold({
    ...steps,
    result: (seen) => seen.join(' '),
    retract: (seen: number[], value: number, time: number) => seen.filter((each) => each !== value + time),
  })
  const one = aggregate.add(aggregate.create(), 1, 10)
  const both = aggregate.merge(one, aggregate.add(aggregate.create(), 2, 10))
  expect(aggregate.result(both)).toBe('11 12')
  expect(aggregate.result(aggregate.retract(both, 1, 10))).toBe('12')
})

test('without a result the accumulator is it', () => {
  const aggregate = fold(steps)
  expect(aggregate.result(aggregate.add(aggregate.create(), 1, 0))).toEqual([1])
})

test('takes nothing back and merges nothing unless it is told how', () => {
  expect(fold(steps)).not.toHaveProperty('retract')
  const aggregate = fold({ create: steps.create, add: steps.add, result: String })
  expect(aggregate).not.toHaveProperty('merge')
  expect(aggregate.result(aggregate.add(aggregate.create(), 1, 0))).toBe('1')
})

test.each(['create', 'add', 'merge', 'result', 'retract'])('refuses a %s that is no function', (step) => {
  expect(() => fold({ ...steps, [step]: 5 })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: `fold: ${step} must be a function, got 5` }),
  )
})

test('refuses a step that is missing', () => {
  // @ts-expect-error: add is missing
  expect(() => fold({ create: steps.create })).toThrow('fold: add must be a function, got undefined')
})
