import { expect, test } from 'vitest'
import { event, watermark } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { MarbleDiagram, PaneMarble } from './marbles.ts'
import { parseMarbles } from './parse-marbles.ts'

const pane = (start: number, end: number, value: unknown): PaneMarble => {
  const window = { start, end }
  return { kind: 'pane', value, time: end - 1, key: undefined, diff: 1, window, timing: 'on-time' }
}

const messageOf = (parse: () => MarbleDiagram): string => {
  try {
    parse()
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'invalid-argument') return error.message
    throw error
  }
  return 'no error'
}

test('a step is a column in which an input starts', () => {
  const diagram = parseMarbles(`
    in    a@1  b@7  c@3  ~5         d@2      |
    out                  [0,5)=2             [5,10)=1
    late                            L(d@2)
  `)
  expect(diagram).toEqual({
    times: { event: 'ms', processing: 'ms' },
    inputs: [
      {
        label: 'in',
        cells: [[event('a', 1)], [event('b', 7)], [event('c', 3)], [watermark(5)], [event('d', 2)], [{ kind: 'end' }]],
      },
    ],
    outputs: [
      { label: 'out', cells: [[], [], [], [pane(0, 5, 2)], [], [pane(5, 10, 1)]] },
      { label: 'late', cells: [[], [], [], [], [{ kind: 'late', event: event('d', 2) }], []] },
    ],
  })
})

test('inputs are the lines called in, in1, left and right, or those that are named', () => {
  const text = 'left  a@1\nright a@1  b@2\nin2             idle\ninner      b@2'
  const labels = ({ inputs, outputs }: MarbleDiagram): unknown => [inputs, outputs].map((x) => x.map((l) => l.label))
  expect(labels(parseMarbles(text))).toEqual([['left', 'right', 'in2'], ['inner']])
  const named = parseMarbles('orders a@1\nout    a@1', { inputs: ['orders'] })
  expect(labels(named)).toEqual([['orders'], ['out']])
})

test('inputs with tokens in one column share the step', () => {
  const { inputs } = parseMarbles('left  a@1       ~5\nright      b@2  ~6')
  expect(inputs.map((line) => line.cells)).toEqual([
    [[event('a', 1)], [], [watermark(5)]],
    [[], [event('b', 2)], [watermark(6)]],
  ])
})

test('after an empty line the diagram goes on, with the lines that have something', () => {
  const { inputs, outputs } = parseMarbles('in  a@1 b@2\nout a@1\n\n  in   |\n  late L(c@0)')
  expect(inputs.map((line) => line.cells.length)).toEqual([3])
  expect(outputs).toEqual([
    { label: 'out', cells: [[event('a', 1)], [], []] },
    { label: 'late', cells: [[], [], [{ kind: 'late', event: event('c', 0) }]] },
  ])
})

test('an error shows the line and points to the place', () => {
  const text = 'in    a@1  ~5\r\nout        [0,5)=1\r\nlate      L(d@2)\r\n'
  expect(messageOf(() => parseMarbles(text))).toBe(
    'parseMarbles: line 3, column 11: expected an output in a column where an input starts (7, 12), got L(d@2)\n' +
      'late      L(d@2)\n' +
      '          ^',
  )
})

test.each([
  ['in a', 5, 'expected @ and a time behind a, got the end of the line'],
  ['in a@ b@1', 6, 'expected a time (5, 90s or 12:00:26), got a blank'],
  ['in a@12:60', 8, 'expected a blank, or & and another token, got :60'],
  ['in a@99999999999999999', 6, 'expected a time that fits whole milliseconds, got 99999999999999999'],
  ['in a@1x', 7, 'expected a blank, or & and another token, got x'],
  ['in\ta@1', 1, 'expected a label, such as in or out, got in'],
  ['in a@1\tb@2', 7, 'expected a blank, or & and another token, got a blank'],
  ['5 a@1', 1, 'expected a label, such as in or out, got 5'],
  ['in a@1 & b@2', 8, 'expected a token (a@3, x:5@3, [0,5)=2, L(a@3), ~5, !10s, idle, | or #), got &'],
  ['in a@1&b@2', 4, 'expected one record, ~5, !10s, idle, | or # a step on an input, got a@1&b@2'],
  ['in [0,5)=1', 4, 'expected one record, ~5, !10s, idle, | or # a step on an input, got [0,5)=1'],
  ['in L(a@1)', 4, 'expected one record, ~5, !10s, idle, | or # a step on an input, got L(a@1)'],
  ['in L(a@1', 9, 'expected ) behind a late event, got the end of the line'],
  ['in [5,5)=1', 7, 'expected an end that lies behind the start, got 5)=1'],
  ['in [5)=1', 6, 'expected , and the end of the window, got )=1'],
  ['in [0,5) b@1', 8, 'expected )= and the value of the window, got )'],
  ['in [0,5)=', 10, 'expected a value (a, 5, "a b" or JSON), got the end of the line'],
  ['in [0,5]=1', 9, 'expected @ and a time behind [0,5], got =1'],
  ['in {"a":1', 4, 'expected an array or record that ends, got {"a":1'],
  ['in "a@1', 4, 'expected a token (a@3, x:5@3, [0,5)=2, L(a@3), ~5, !10s, idle, | or #), got "a@1'],
  ['in !5\nout a@1', 5, 'expected an output in a column where an input starts (4), got a@1'],
  ['in  !5\nout !5', 5, 'expected the clock to be moved on an input, got !5'],
  ['in a@1\n\nout a@1', 5, 'expected an output in a column where an input starts (none since the last empty line)'],
  ['in a@1\nin a@1', 1, 'expected each label once, or an empty line before the diagram goes on, got in'],
])('%j is refused', (text, column, expected) => {
  const line = text.split('\n').length
  expect(messageOf(() => parseMarbles(text))).toContain(`parseMarbles: line ${line}, column ${column}: ${expected}`)
})

test('JSON that does not parse is refused with the reason', () => {
  expect(messageOf(() => parseMarbles('in [1,]@3'))).toMatch(
    /line 1, column 4: expected JSON \(Unexpected .*\), got \[1,]@3/,
  )
})

test('a duration that is no whole number of ms is refused with the place', () => {
  const place =
    "parseMarbles: line 1, column 6: expected a whole number of milliseconds or a text like '90s' or '1h30m'"
  expect(() => parseMarbles('in a@0.0001s')).toThrow(expect.objectContaining({ code: 'invalid-duration' }))
  expect(() => parseMarbles('in a@0.0001s')).toThrow(place)
})

test('a diagram without inputs is refused', () => {
  const names = 'parseMarbles: expected an input (in, in1, left, right, or what option `inputs` names) among the lines '
  expect(messageOf(() => parseMarbles('out a@1\nlate b@1'))).toBe(`${names}out, late`)
  expect(messageOf(() => parseMarbles(' \n'))).toBe(`${names}(none)`)
  expect(messageOf(() => parseMarbles('in a@1', { inputs: [] }))).toBe(`${names}in`)
  const missing = 'parseMarbles: expected the input left among the lines in, out'
  expect(messageOf(() => parseMarbles('in a@1\nout', { inputs: ['in', 'left'] }))).toBe(missing)
})
