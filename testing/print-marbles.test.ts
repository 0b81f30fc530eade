import { expect, test } from 'vitest'
import { event, watermark } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { MarbleDiagram, OutputMarble } from './marbles.ts'
import { parseMarbles } from './parse-marbles.ts'
import { printMarbles } from './print-marbles.ts'

const canonical = (text: string): string => printMarbles(parseMarbles(text))

/** A diagram of one record with one thing below. */
const below = (marble: OutputMarble, times: Partial<MarbleDiagram['times']> = {}): MarbleDiagram => ({
  times: { event: 'ms', processing: 'ms', ...times },
  inputs: [{ label: 'in', cells: [[event('a', 1)]] }],
  outputs: [{ label: 'out', cells: [[marble]] }],
})

const printed = (marble: OutputMarble, times?: Partial<MarbleDiagram['times']>): string =>
  printMarbles(below(marble, times)).split('\n')[1]?.slice('out  '.length) ?? ''

test('columns are aligned, two blanks apart, inputs before outputs', () => {
  const text = `
    late                             L(d@2)
    out                  [0,5)=2             [5,10)=1
    in    a@1  b@7  c@3  ~5          d@2     |
    none
  `
  expect(canonical(text)).toBe(
    [
      'in    a@1  b@7  c@3  ~5       d@2     |',
      'late                          L(d@2)',
      'out                  [0,5)=2          [5,10)=1',
      'none',
    ].join('\n'),
  )
})

test('a recorded run prints like the expected one', () => {
  const recorded: MarbleDiagram = {
    times: { event: 'duration', processing: 'duration' },
    inputs: [
      { label: 'left', cells: [[event(1, 60_000, 'x')], []] },
      { label: 'right', cells: [[], [watermark(0)]] },
    ],
    outputs: [{ label: 'out', cells: [[event('b', 0), event(-1, 90_000, 'x', -1)], []] }],
  }
  expect(printMarbles(recorded)).toBe('left   x:1@1m\nright                   ~0\nout    b@0&-x:-1@1m30s')
})

test('the diagram goes on after an empty line where a line would pass 120 characters', () => {
  const cells = Array.from({ length: 21 }, (_, i) => [event('aaa', i + 10)])
  const times = { event: 'ms', processing: 'ms' } as const
  // Label and gap take 4 characters, a column 8 with its gap, the last one 6: 15 columns take 122.
  const lines = printMarbles({ times, inputs: [{ label: 'in', cells }], outputs: [{ label: 'o', cells }] }).split('\n')
  expect(lines.map((line) => line.length)).toEqual([114, 114, 0, 58, 58])
  const wide = printMarbles({ times, inputs: [{ label: 'in', cells: [[event('a'.repeat(130), 1)]] }], outputs: [] })
  expect(wide).toBe(`in  ${'a'.repeat(130)}@1`)
})

test('a line that is 120 characters long is not broken', () => {
  const text = `in  a@1  ${'b'.repeat(109)}@2`
  expect(text).toHaveLength(120)
  expect(canonical(text)).toBe(text)
  expect(canonical(`in  a@1  ${'b'.repeat(110)}@2`)).toBe(`in  a@1\n\nin  ${'b'.repeat(110)}@2`)
})

test.each([
  ['+a@1', 'a@1'],
  ['+-5@1', '+-5@1'],
  ['"a"@1', 'a@1'],
  ['"-a"@1', '"-a"@1'],
  ['"null"@1', '"null"@1'],
  ['"5"@1', '"5"@1'],
  ['""@1', '""@1'],
  ['5.0@1', '5@1'],
  ['{"b": 1, "a": [ 1, "x y" ]}@1', '{"a":[1,"x y"],"b":1}@1'],
  ['[0,5)=2@4', '[0,5)=2'],
  ['[0,5)=2@5', '[0,5)=2@5'],
  ['[-inf,inf)=2!', '[-inf,inf)=2!'],
  ['#"a"', '#a'],
  ['#null', '#"null"'],
])('%s is written %s', (text, expected) => {
  expect(canonical(`in  x@1\nout ${text}`)).toBe(`in   x@1\nout  ${expected}`)
})

test.each([
  [0, '0', '0', '00:00'],
  [7, '7', '7ms', '00:00:00.007'],
  [43_226_000, '43226000', '12h26s', '12:00:26'],
  [43_200_000, '43200000', '12h', '12:00'],
  [93_600_500, '93600500', '1d2h500ms', '26:00:00.500'],
  [-90_000, '-90000', '-1m30s', '-00:01:30'],
])('%s ms in every style', (time, ms, duration, timeOfDay) => {
  expect(printed(watermark(time), { event: 'ms' })).toBe(`~${ms}`)
  expect(printed(watermark(time), { event: 'duration' })).toBe(`~${duration}`)
  expect(printed(watermark(time), { event: 'time-of-day' })).toBe(`~${timeOfDay}`)
})

test('equal values are equal texts', () => {
  expect(printed(event({ b: undefined, c: null, a: 1 }, 1))).toBe('{"a":1,"c":null}@1')
  expect(printed(event(-0, 1))).toBe('0@1')
})

test.each([
  [new Map(), 'an object'],
  [new Date(0), 'the Date 1970-01-01T00:00:00.000Z'],
  [[undefined], 'undefined'],
  [{ mean: Number.NaN }, 'NaN'],
  [10n, '10n'],
])('a value without a notation is refused: %o', (value, shown) => {
  const message = `printMarbles: expected a value that JSON can hold, got ${shown}`
  expect(() => printMarbles(below(event(value, 1)))).toThrow(new TidemarkError('invalid-argument', message))
})

test('a diagram whose steps do not fit together is refused', () => {
  const times = { event: 'ms', processing: 'ms' } as const
  const refuses = (diagram: Omit<MarbleDiagram, 'times'>, message: string): void =>
    expect(() => printMarbles({ times, ...diagram })).toThrow(new TidemarkError('invalid-argument', message))
  const a = event('a', 1)
  refuses({ inputs: [], outputs: [] }, 'printMarbles: expected an input line, got none')
  refuses(
    { inputs: [{ label: 'in', cells: [[a], [a]] }], outputs: [{ label: 'out', cells: [[]] }] },
    'printMarbles: line out: expected 2 steps as on line in, got 1',
  )
  refuses(
    { inputs: [{ label: 'in', cells: [[a], []] }], outputs: [] },
    'printMarbles: step 1: expected one token on an input, got 0',
  )
  refuses(
    {
      inputs: [
        { label: 'left', cells: [[a]] },
        { label: 'right', cells: [[a, a]] },
      ],
      outputs: [],
    },
    'printMarbles: step 0: expected one token on an input, got 1 and 2',
  )
})
