import { describe, expect, test } from 'vitest'
import { max } from '../aggregates/max.ts'
import { type Diff, event, type Event } from '../element.ts'
import { TidemarkError } from '../errors.ts'
import { absent, Accumulators } from './accumulators.ts'
import { settingsOf } from './fixtures/settings.ts'

const plus = (value: number, time: number): Event<number, string, undefined, Diff> => event(value, time, 'a')
const minus = (value: number, time: number): Event<number, string, undefined, Diff> => event(value, time, 'a', -1)

describe('of a stream that takes values back', () => {
  const sums = new Accumulators(settingsOf(), 'window', false)

  test('are empty when all was taken back, and before anything has come', () => {
    let accumulator = sums.create()
    expect(sums.isEmpty(accumulator)).toBe(true)
    accumulator = sums.change(accumulator, plus(5, 1))
    expect(sums.isEmpty(accumulator)).toBe(false)
    accumulator = sums.change(accumulator, plus(0, 1))
    accumulator = sums.change(accumulator, minus(5, 1))
    expect([sums.isEmpty(accumulator), sums.result(accumulator, 'a', 4)]).toEqual([false, 0])
    accumulator = sums.change(accumulator, minus(0, 1))
    expect(sums.isEmpty(accumulator)).toBe(true)
  })

  test('are empty when those of all parts were taken back', () => {
    const one = sums.change(sums.create(), plus(5, 1))
    const other = sums.change(sums.create(), minus(5, 1))
    expect(sums.isEmpty(sums.merge(one, other))).toBe(true)
  })

  test('refuse that when results are discarded', () => {
    const discarding = new Accumulators(settingsOf({ accumulation: 'discarding' }), 'window', false)
    const accumulator = discarding.change(discarding.create(), plus(5, 1))
    expect(() => discarding.change(accumulator, minus(5, 1))).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message:
          "expected insertions only, got a retraction; what it takes back has been forgotten: use 'accumulating' or 'retracting'",
      }),
    )
  })

  test('refuse that for an aggregate that can not', () => {
    const most = new Accumulators(settingsOf<number, unknown>({}, max()), 'window', false)
    const accumulator = most.change(most.create(), plus(5, 1))
    expect(() => most.change(accumulator, minus(5, 1))).toThrow("max can't take a retraction back")
  })
})

describe('of a stream of insertions', () => {
  test('are the aggregate’s own, which is told so', () => {
    const told: unknown[] = []
    const aggregate = {
      name: 'told',
      create: (insertOnly?: boolean) => told.push(insertOnly),
      add: (n: unknown) => n,
      result: () => 0,
    }
    const own = new Accumulators(settingsOf({}, aggregate), 'window', true)
    expect(own.create()).toBe(1)
    new Accumulators(settingsOf({}, aggregate), 'window', false).create()
    expect(told).toEqual([true, false])
  })

  test('are never empty, whatever they are', () => {
    const own = new Accumulators(settingsOf(), 'window', true)
    expect([undefined, null, 0, own.create()].map((accumulator) => own.isEmpty(accumulator))).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(own.isEmpty(absent)).toBe(true)
  })
})

test('an error of the result says of which operator, key and time', () => {
  const failing = new Accumulators(
    settingsOf(
      {},
      {
        name: 'failing',
        create: () => 0,
        add: () => 0,
        result: (): number => {
          throw new Error('boom')
        },
      },
    ),
    'sums',
    true,
  )
  const result = (): number => failing.result(0, 'a', 9)
  expect(result).toThrow(TidemarkError)
  expect(result).toThrow(
    expect.objectContaining({
      code: 'callback',
      operator: 'sums',
      key: 'a',
      time: 9,
      message: "sums: boom (key 'a', event time 9)",
    }),
  )
})
