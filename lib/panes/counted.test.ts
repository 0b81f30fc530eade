import { expect, test } from 'vitest'
import { collect } from '../aggregates/collect.ts'
import { fold } from '../aggregates/fold.ts'
import { max } from '../aggregates/max.ts'
import { sum } from '../aggregates/sum.ts'
import { counted } from './counted.ts'

test('knows how many values are in it, also when their sum is 0', () => {
  const sums = counted(sum())
  let counting = sums.create()
  expect(counting.values).toBe(0)
  counting = sums.add(counting, 5, 1)
  counting = sums.add(counting, -5, 2)
  expect([counting.values, sums.result(counting)]).toEqual([2, 0])
  counting = sums.retract?.(counting, 5, 1) ?? counting
  expect([counting.values, sums.result(counting)]).toEqual([1, -5])
  counting = sums.retract?.(counting, -5, 2) ?? counting
  expect([counting.values, sums.result(counting)]).toEqual([0, 0])
})

test('merges as the aggregate does, and leaves what is merged as it is', () => {
  const lists = counted(collect<string>())
  const into = lists.add(lists.create(), 'a', 1)
  const from = lists.add(lists.add(lists.create(), 'b', 2), 'c', 3)
  const merged = lists.merge?.(into, from) ?? into
  lists.add(merged, 'd', 4)
  expect([merged.values, lists.result(merged)]).toEqual([4, ['a', 'b', 'c', 'd']])
  expect([from.values, lists.result(from)]).toEqual([2, ['b', 'c']])
})

test('is named and can merge as the aggregate, of whose methods it is the object', () => {
  const words = {
    name: 'words',
    separator: '-',
    create: (): string[] => [],
    add: (all: string[], word: string) => [...all, word],
    merge(into: string[], from: readonly string[]): string[] {
      return [...into, this.separator, ...from]
    },
    result: (all: readonly string[]) => all.join(''),
    retract(all: readonly string[], word: string): string[] {
      return [...all.filter((other) => other !== word), this.separator]
    },
  }
  const step = counted(words)
  expect(step.name).toBe('words')
  const merged = step.merge?.(step.add(step.create(), 'a', 1), step.add(step.create(), 'b', 1)) ?? step.create()
  expect(step.result(merged)).toBe('a-b')
  expect(step.result(step.retract?.(merged, 'a', 1) ?? merged)).toBe('-b-')
  expect(counted(fold({ create: () => 0, add: (n: number) => n + 1 })).merge).toBeUndefined()
})

test('is told whether values may be taken back', () => {
  const told: unknown[] = []
  const step = counted({
    name: 'told',
    create: (insertOnly?: boolean) => told.push(insertOnly),
    add: (n) => n,
    result: (n) => n,
  })
  step.create(true)
  step.create(false)
  step.create()
  expect(told).toEqual([true, false, undefined])
})

test('refuses to take a value back that the aggregate can not', () => {
  const most = counted(max<number>())
  const counting = most.add(most.create(), 5, 1)
  expect(() => most.retract?.(counting, 5, 1)).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: "max can't take a retraction back; give it a 'retract' function",
    }),
  )
})
