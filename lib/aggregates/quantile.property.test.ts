// Laws of quantiles
//
// 1. What comes out is off from the number at its rank by the accuracy at most, whatever the magnitudes and signs.
// 2. Several quantiles are those of each alone, and in the order of their q.
// 3. Taking everything back but some leaves what those have.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => x === 0 || Math.abs(x) >= 2 ** -1022),
  fc
    .tuple(fc.constantFrom(1, -1), fc.double({ min: 1, max: 2, noNaN: true }), fc.integer({ min: -1022, max: 1023 }))
    .map(([s, m, e]) => s * Math.min(m * 2 ** e, Number.MAX_VALUE)),
  fc.integer({ min: -10, max: 10 }),
  fc.integer({ min: 1, max: 100_000 }).map((micros) => micros / 1_000),
)
const numbers = fc.array(number, { minLength: 1, maxLength: 40 })
const q = fc.oneof(fc.constantFrom(0, 0.5, 0.99, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const accuracy = fc.constantFrom(0.0001, 0.001, 0.01, 0.1, 0.5)

test('1: is off by the accuracy at most', () => {
  fc.assert(
    fc.property(numbers, q, accuracy, (values, of, within) => {
      const aggregate = quantile(of, undefined, { accuracy: within })
      const sketch = values.reduce((all, x) => aggregate.add(all, x, 0), aggregate.create())
      const exact = values.toSorted((a, b) => a - b)[Math.floor(of * (values.length - 1))] ?? Number.NaN
      const actual = aggregate.result(sketch) ?? Number.NaN
      // Halved, for the distance of the largest numbers has no number.
      expect(Math.abs(actual / 2 - exact / 2)).toBeLessThanOrEqual(Math.abs(exact / 2) * within)
    }),
    { numRuns: 5_000 },
  )
})

test('2: several are those of each alone', () => {
  fc.assert(
    fc.property(numbers, fc.array(q), (values, qs) => {
      const aggregate = quantile(qs)
      const sketch = values.reduce((all, x) => aggregate.add(all, x, 0), aggregate.create())
      expect(aggregate.result(sketch)).toEqual(qs.map((each) => quantile(each).result(sketch)))
      const ascending = quantile(qs.toSorted((a, b) => a - b)).result(sketch)
      expect(ascending).toEqual(ascending.toSorted((a, b) => (a ?? 0) - (b ?? 0)))
    }),
  )
})

test('3: what is taken back leaves nothing', () => {
  const aggregate = quantile([0, 0.3, 1])
  fc.assert(
    fc.property(numbers, numbers, (kept, gone) => {
      const all = [...gone, ...kept].reduce((sketch, x) => aggregate.add(sketch, x, 0), aggregate.create())
      const left = gone.reduce((sketch, x) => aggregate.retract(sketch, x, 0), all)
      expect(left).toEqual(kept.reduce((sketch, x) => aggregate.add(sketch, x, 0), aggregate.create()))
    }),
  )
})
