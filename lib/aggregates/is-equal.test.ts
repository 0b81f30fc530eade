import { expect, test } from 'vitest'
import { isEqual } from './is-equal.ts'

class Point {
  readonly x: number

  constructor(x: number) {
    this.x = x
  }
}

const point = new Point(1)
const none: unknown = Object.create(null)

test.each<[unknown, unknown, boolean]>([
  [1, 1, true],
  [Number.NaN, Number.NaN, true],
  [0, -0, false],
  [1, '1', false],
  [null, undefined, false],
  [null, {}, false],
  ['a', 'a', true],
  [[1, [2]], [1, [2]], true],
  [[1, 2], [2, 1], false],
  [[1], [1, undefined], false],
  [[], {}, false],
  [{}, {}, true],
  [none, Object.create(null), true],
  [none, {}, false],
  [{ a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: undefined }, { b: undefined }, false],
  [new Date(5), new Date(5), true],
  [new Date(5), new Date(6), false],
  [new Date(Number.NaN), new Date(Number.NaN), true],
  // Of everything else nobody knows what makes it equal.
  [point, point, true],
  [new Point(1), new Point(1), false],
  [new Map(), new Map(), false],
  [new Point(1), { x: 1 }, false],
])('%o and %o: %s', (a, b, expected) => {
  expect(isEqual(a, b)).toBe(expected)
  expect(isEqual(b, a)).toBe(expected)
})
