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
  ['p95(ms)', [{ name: 'p95_ms', fn: 'quantile', field: 'ms', argument: 0.95, call: 'p95(ms)' }]],
  ['p99.9(ms)', [{ name: 'p99.9_ms', fn: 'quantile', field: 'ms', argument: 0.999, call: 'p99.9(ms)' }]],
  ['p5(ms)', [{ name: 'p5_ms', fn: 'quantile', field: 'ms', argument: 0.05, call: 'p5(ms)' }]],
  ['p100(ms)', [{ name: 'p100_ms', fn: 'quantile', field: 'ms', argument: 1, call: 'p100(ms)' }]],
  ['q=quantile(ms, 0.9)', [{ name: 'q', fn: 'quantile', field: 'ms', argument: 0.9, call: 'quantile(ms, 0.9)' }]],
  [
    'top(a,b,5),rate()',
    [
      { name: 'top_a,b', fn: 'top', field: 'a,b', argument: 5, call: 'top(a,b,5)' },
      { name: 'rate', fn: 'rate', field: undefined, call: 'rate()' },
    ],
  ],
  ['approx(host)', [{ name: 'approx_host', fn: 'approx', field: 'host', call: 'approx(host)' }]],
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
  ['rate(x)', 'rate takes no field, write rate()'],
  ['p95()', 'p95 takes a field, as in p95(ms)'],
  ['p101(x)', "no function 'p101'"],
  ['top(x)', 'top takes a field and how many, as in top(bytes,5)'],
  ['top(x,0)', 'top takes a field and how many'],
  ['top(x,1.5)', 'top takes a field and how many'],
  ['top(,5)', 'top takes a field and how many'],
  ['quantile(x,1.1)', 'quantile takes a field and a number from 0 to 1, as in quantile(bytes,0.9)'],
  ['quantile(x,)', 'quantile takes a field and a number'],
  [
    'averag(x)',
    "no function 'averag' among count rate distinct approx sum avg min max first last quantile top list p50 p95 p99",
  ],
  ['frist(x)', "did you mean 'first'?"],
  ['toString(x)', "no function 'toString'"],
])('refuses %j', (list, message) => {
  expect(() => parseAggregates([list])).toThrow(message)
})
