import { expect, test } from 'vitest'
import { event, idle, watermark } from '../lib/element.ts'
import type { Marble, PaneMarble } from './marbles.ts'
import { parseMarbles } from './parse-marbles.ts'

const pane = (start: number, end: number, value: unknown, more: Partial<PaneMarble> = {}): PaneMarble => ({
  kind: 'pane',
  value,
  time: end - 1,
  key: undefined,
  diff: 1,
  window: { start, end },
  timing: 'on-time',
  ...more,
})

/** What stands on the output below a single step. */
const outputs = (tokens: string): readonly Marble[] => parseMarbles(`in  a@1\nout ${tokens}`).outputs[0]?.cells[0] ?? []

test.each<[string, readonly Marble[]]>([
  ['a@3', [event('a', 3)]],
  ['5@3', [event(5, 3)]],
  ['-5@3', [event(5, 3, undefined, -1)]],
  ['+-5@3', [event(-5, 3)]],
  ['--1.5@3', [event(-1.5, 3, undefined, -1)]],
  ['1e21@3', [event(1e21, 3)]],
  ['Infinity@3&NaN@3', [event(Infinity, 3), event(Number.NaN, 3)]],
  ['infinity@3', [event('infinity', 3)]],
  ['10.0.0.1@3', [event('10.0.0.1', 3)]],
  ['/index.html@3', [event('/index.html', 3)]],
  ['"5"@3', [event('5', 3)]],
  ['"a  b\\n&"@3', [event('a  b\n&', 3)]],
  ['null@3&undefined@3&true@3', [event(null, 3), event(undefined, 3), event(true, 3)]],
  ['{"n":[1,{"]":"}\\""}]}@3', [event({ n: [1, { ']': '}"' }] }, 3)]],
  ['[1,2]@3', [event([1, 2], 3)]],
  ['["a)=",1]@3', [event(['a)=', 1], 3)]],
  ['[]@3', [event([], 3)]],
  ['x:5@3', [event(5, 3, 'x')]],
  ['-x:-5@3', [event(-5, 3, 'x', -1)]],
  ['0:a@3', [event('a', 3, 0)]],
  ['"a:b":"@"@3', [event('@', 3, 'a:b')]],
  ['+a@-3', [event('a', -3)]],
  ['x:-0@-0&[-0]@0', [event(0, 0, 'x'), event([0], 0)]],
  ['idle@3', [event('idle', 3)]],
  ['L@3&L:a@3', [event('L', 3), event('a', 3, 'L')]],
  ['L(-x:a@3)', [{ kind: 'late', event: event('a', 3, 'x', -1) }]],
  ['L([0,5)=2)', [{ kind: 'late', event: pane(0, 5, 2) }]],
  ['[0,5)=2', [pane(0, 5, 2)]],
  ['[0,5)=2?', [pane(0, 5, 2, { timing: 'early' })]],
  ['[0,5)=a!', [pane(0, 5, 'a', { timing: 'late' })]],
  ['[-5,0)=-1', [pane(-5, 0, -1)]],
  ['-x:[0,5)={"n":2}!', [pane(0, 5, { n: 2 }, { key: 'x', diff: -1, timing: 'late' })]],
  ['[0,5)=[0,5]', [pane(0, 5, [0, 5])]],
  ['[0,5)=2@7?', [pane(0, 5, 2, { time: 7, timing: 'early' })]],
  ['[-inf,inf)=2', [pane(-Infinity, Infinity, 2)]],
  ['-[0,5)=2&[0,5)=3', [pane(0, 5, 2, { diff: -1 }), pane(0, 5, 3)]],
  ['~-5&idle&|', [watermark(-5), idle, { kind: 'end' }]],
  ['#', [{ kind: 'error', message: undefined }]],
  ['#callback', [{ kind: 'error', message: 'callback' }]],
  [
    '#5&#""',
    [
      { kind: 'error', message: '5' },
      { kind: 'error', message: '' },
    ],
  ],
  ['#"it broke"', [{ kind: 'error', message: 'it broke' }]],
])('the token %s', (text, marbles) => {
  expect(outputs(text)).toEqual(marbles)
})

test.each([
  ['5', 5, 'ms'],
  ['-5', -5, 'ms'],
  ['90s', 90_000, 'duration'],
  ['1h30m', 5_400_000, 'duration'],
  ['1.5s', 1_500, 'duration'],
  ['250ms', 250, 'duration'],
  ['-1d', -86_400_000, 'duration'],
  ['12:00', 43_200_000, 'time-of-day'],
  ['12:00:26', 43_226_000, 'time-of-day'],
  ['00:00:00.007', 7, 'time-of-day'],
  ['-00:01', -60_000, 'time-of-day'],
  ['26:00', 93_600_000, 'time-of-day'],
])('the time %s', (text, time, style) => {
  const diagram = parseMarbles(`in a@${text} !${text}`)
  expect(diagram.inputs[0]?.cells).toEqual([[event('a', time)], [{ kind: 'clock', time }]])
  expect(diagram.times).toEqual({ event: style, processing: style })
})

test('the times of a diagram have the most telling style among them, those of the clock their own', () => {
  expect(parseMarbles('in a@1 b@1m !10').times).toEqual({ event: 'duration', processing: 'ms' })
  expect(parseMarbles('in a@1 !10s b@00:01 c@1m').times).toEqual({ event: 'time-of-day', processing: 'duration' })
})
