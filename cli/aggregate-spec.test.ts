import { expect, test } from 'vitest'
import { parseAggregates } from './aggregate-spec.ts'

test.each([
  ['count()', [{ name: 'count', fn: 'count', field: undefined, call: 'count()' }]],
  ['users=distinct(host)', [{ name: 'users', fn: 'distinct', field: 'host', call: 'distinct(host)' }]],
  [' sum( bytes ) ', [{ name: 'sum_bytes', fn: 'sum', field: 'bytes', call: 'sum(bytes)' }]],
  ['a b=list(user agent)', [{ name: 'a b', fn: 'list', field: 'user agent', call: 'list(user agent)' }]],
  [
    'min(a),max(b,c)',
    [
      { name: 'min_a', fn: 'min', field: 'a', call: 'min(a)' },
      { name: 'max_b,c', fn: 'max', field: 'b,c', call: 'max(b,c)' },
    ],
  ],
])('reads %j', (list, specs) => {
  expect(parseAggregates([list])).toEqual(specs)
})

test('joins lists', () => {
  expect(parseAggregates(['count(),avg(x)', 'last(y)']).map(({ name }) => name)).toEqual(['count', 'avg_x', 'last_y'])
})

test.each([
  ['', "got ''"],
  ['count', "got 'count'"],
  ['count(),', "got ''"],
  ['=count()', "got '=count()'"],
  ['a=b=count()', "got 'a=b=count()'"],
  ['sum(a', "got 'sum(a'"],
  ['sum(a))', "got 'sum(a))'"],
  ['sum()', 'sum takes a field, as in sum(bytes)'],
  ['sum( )', 'sum takes a field, as in sum(bytes)'],
  ['count(x)', 'count takes no field, write count()'],
  ['averag(x)', "no function 'averag' among count distinct sum avg min max first last list"],
  ['frist(x)', "did you mean 'first'?"],
  ['toString(x)', "no function 'toString'"],
])('refuses %j', (list, message) => {
  expect(() => parseAggregates([list])).toThrow(message)
})
