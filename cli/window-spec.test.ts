import { expect, test } from 'vitest'
import { parseWindow, toAssigner } from './window-spec.ts'

test.each([
  ['1h', { kind: 'tumbling', size: 3_600_000 }],
  ['1h30m', { kind: 'tumbling', size: 5_400_000 }],
  ['hop:1h/5m', { kind: 'hopping', size: 3_600_000, hop: 300_000 }],
  ['hop:5m/1h', { kind: 'hopping', size: 300_000, hop: 3_600_000 }],
])('reads %j', (text, spec) => {
  expect(parseWindow(text)).toEqual(spec)
})

test.each([
  [undefined, 'got nothing'],
  ['', "got ''"],
  ['60', "got '60'"],
  ['0s', "got '0s'; tumbling: size must be > 0, got 0"],
  ['-1h', "got '-1h'; tumbling: size must be > 0"],
  ['hop:', "got 'hop:'"],
  ['hop:1h', "got 'hop:1h'"],
  ['hop:1h/', "got 'hop:1h/'"],
  ['hop:1h/5m/1m', "got 'hop:1h/5m/1m'"],
  ['hop:1h/0s', 'hopping: hop must be > 0'],
  ['hopp:1h/5m', "did you mean 'hop'?"],
  ['session:5m', "got 'session:5m'"],
])('refuses %j', (text, message) => {
  expect(() => parseWindow(text)).toThrow(message)
  expect(() => parseWindow(text)).toThrow('--window: expected a window such as 1h')
})

test('makes the assigner of an application', () => {
  expect(toAssigner({ kind: 'tumbling', size: 3_600_000 }).name).toBe('tumbling(1h)')
  expect(toAssigner({ kind: 'hopping', size: 3_600_000, hop: 300_000 }).assign(0)).toHaveLength(12)
})
