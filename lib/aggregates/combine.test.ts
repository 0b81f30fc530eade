import { expect, test } from 'vitest'
import type { Aggregate } from '../aggregate.ts'
import { collect } from './collect.ts'
import { combine, toAggregate } from './combine.ts'
import { count } from './count.ts'
import { countDistinct } from './count-distinct.ts'
import { fold } from './fold.ts'
import { max } from './max.ts'
import { sum } from './sum.ts'

interface Hit {
  readonly host: string
  readonly bytes: number
}

const hits: readonly Hit[] = [
  { host: 'a', bytes: 5 },
  { host: 'b', bytes: 7 },
  { host: 'a', bytes: 1 },
]

function added<A>(aggregate: Aggregate<Hit, A, unknown>, values: readonly Hit[]): A {
  return values.reduce((accumulator, hit, time) => aggregate.add(accumulator, hit, time), aggregate.create())
}

test('gives the results of the parts under their names, in the order of the record', () => {
  const aggregate = combine({
    hosts: countDistinct((hit: Hit) => hit.host),
    bytes: sum((hit: Hit) => hit.bytes),
    hits: count(),
    inOrder: collect((hit: Hit) => hit.bytes),
  })
  expect(aggregate.result(aggregate.create())).toEqual({ hosts: 0, bytes: 0, hits: 0, inOrder: [] })
  const all = added(aggregate, hits)
  expect(aggregate.result(all)).toEqual({ hosts: 2, bytes: 13, hits: 3, inOrder: [5, 7, 1] })
  expect(Object.keys(aggregate.result(all))).toEqual(['hosts', 'bytes', 'hits', 'inOrder'])

  const merged = aggregate.merge(all, added(aggregate, hits.slice(1, 2)))
  expect(aggregate.result(merged)).toMatchObject({ hosts: 2, bytes: 20, hits: 4 })
  const without = aggregate.retract(merged, { host: 'a', bytes: 5 }, 0)
  expect(aggregate.result(without)).toMatchObject({ hosts: 2, bytes: 15, hits: 3 })
})

test('hands out a result of its own each time', () => {
  const aggregate = combine({ hits: count() })
  const accumulator = aggregate.create()
  const before = aggregate.result(accumulator)
  aggregate.add(accumulator, hits[0], 0)
  expect([before, aggregate.result(accumulator)]).toEqual([{ hits: 0 }, { hits: 1 }])
})

test('can take back only if every part can', () => {
  expect(combine({ hits: count() })).toHaveProperty('retract')
  expect(combine({ hits: count(), most: max((hit: Hit) => hit.bytes) })).not.toHaveProperty('retract')
})

test('can merge only if every part can', () => {
  const loner = fold({ create: () => 0, add: (n: number, hit: Hit) => n ^ hit.bytes })
  expect(combine({ hits: count(), most: max((hit: Hit) => hit.bytes) })).toHaveProperty('merge')
  const aggregate = combine({ hits: count(), loner })
  expect(aggregate).not.toHaveProperty('merge')
  expect(aggregate.result(added(aggregate, hits))).toEqual({ hits: 3, loner: 3 })
})

test('has a name that says what is in it', () => {
  expect(combine({ hits: count(), most: max<number>() }).name).toBe('{ hits: count, most: max }')
})

test('calls the methods of an aggregate that is an object of a class', () => {
  class Product implements Aggregate<number, number, number> {
    readonly name = 'product'
    readonly #one = 1

    create(): number {
      return this.#one
    }

    add(product: number, factor: number): number {
      return product * factor * this.#one
    }

    merge(into: number, from: number): number {
      return into * from * this.#one
    }

    result(product: number): number {
      return product * this.#one
    }
  }
  const aggregate = combine({ product: new Product() })
  const two = aggregate.add(aggregate.create(), 2, 0)
  expect(aggregate.result(aggregate.merge(two, aggregate.add(aggregate.create(), 3, 0)))).toEqual({ product: 6 })
})

test.each([
  [{}, 'combine: expected a record of aggregates, got nothing in it'],
  [undefined, 'combine: expected a record of aggregates, got undefined'],
  [null, 'combine: expected a record of aggregates, got null'],
  ['count', "combine: expected a record of aggregates, got 'count'"],
  [{ hits: count }, 'combine: hits must be an aggregate, got a function'],
  [{ hits: count(), bytes: { sum: 'bytes' } }, 'combine: bytes must be an aggregate, got an object'],
  [Object.fromEntries([['__proto__', count()]]), 'combine: __proto__ must not be a name'],
])('refuses %o', (record, message) => {
  for (const build of [combine, toAggregate]) {
    // @ts-expect-error: no record of aggregates
    expect(() => build(record)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
  }
})

test('toAggregate takes an aggregate as it is, and combines a record', () => {
  const aggregate = count<Hit>()
  expect(toAggregate(aggregate)).toBe(aggregate)
  const combined = toAggregate<Hit, unknown>({ hits: aggregate })
  expect(combined.result(added(combined, hits))).toEqual({ hits: 3 })
})
