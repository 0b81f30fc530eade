import { expect, test } from 'vitest'
import { toWindows } from './to-windows.ts'
import { parseWindow } from './window-spec.ts'

test.each([
  ['1h', { kind: 'tumbling', size: 3_600_000 }, 'tumbling(1h)'],
  ['1h30m', { kind: 'tumbling', size: 5_400_000 }, 'tumbling(1h30m)'],
  ['hop:1h/5m', { kind: 'hopping', size: 3_600_000, hop: 300_000 }, 'hopping(1h, 5m)'],
  ['hop:5m/1h', { kind: 'hopping', size: 300_000, hop: 3_600_000 }, 'hopping(5m, 1h)'],
  ['slide:5m', { kind: 'sliding', reach: 300_000 }, 'sliding(5m)'],
  ['session:30m', { kind: 'session', gap: 1_800_000 }, 'session(30m)'],
  ['count:100', { kind: 'count', size: 100 }, 'countWindow(100)'],
  ['cumulate:1d/1h', { kind: 'cumulative', size: 86_400_000, step: 3_600_000 }, 'cumulative(1d, 1h)'],
  [
    'day@Europe/Amsterdam',
    { kind: 'calendar', unit: 'day', zone: 'Europe/Amsterdam' },
    'calendar(day, Europe/Amsterdam)',
  ],
  ['quarter@+05:30', { kind: 'calendar', unit: 'quarter', zone: '+05:30' }, 'calendar(quarter, +05:30)'],
  ['none', { kind: 'none' }, 'globalWindow()'],
])('reads %j, and makes the windows of an application', async (text, spec, name) => {
  expect(parseWindow(text)).toEqual(spec)
  expect(await toWindows(parseWindow(text), text)).toMatchObject({ name })
})

test.each([
  [undefined, 'got nothing'],
  ['', "got ''"],
  ['60', "got '60'"],
  ['hop:', "got 'hop:'"],
  ['hop:1h', "got 'hop:1h'"],
  ['hop:1h/', "got 'hop:1h/'"],
  ['hop:1h/5m/1m', "got 'hop:1h/5m/1m'"],
  ['hopp:1h/5m', "did you mean 'hop'?"],
  ['session:5m/1m', "got 'session:5m/1m'"],
  ['session:5m/', "got 'session:5m/'"],
  ['slide:', "got 'slide:'"],
  ['count:1h', 'write a number of events, as in count:100'],
  ['count:', 'write a number of events'],
  ['day@', "got 'day@'"],
  ['days@UTC', "did you mean 'day'?"],
  ['None', "got 'None'"],
])('refuses %j', (text, message) => {
  expect(() => parseWindow(text)).toThrow(message)
  expect(() => parseWindow(text)).toThrow('--window: expected a window such as 1h')
})

test.each([
  ['0s', "got '0s'; tumbling: size must be > 0, got 0"],
  ['-1h', "got '-1h'; tumbling: size must be > 0"],
  ['hop:1h/0s', 'hopping: hop must be > 0'],
  ['cumulate:1h/7m', 'cumulative: size must be a multiple of step'],
  ['session:0s', 'session: gap must be > 0'],
  ['slide:0s', 'sliding: reach'],
  ['count:0', 'countWindow: size must be a whole number > 0'],
  ['day@Mars/Olympus', "expected a name such as 'Europe/Berlin'"],
])('refuses the windows of %j', async (text, message) => {
  await expect(toWindows(parseWindow(text), text)).rejects.toThrow(message)
  await expect(toWindows(parseWindow(text), text)).rejects.toThrow('--window: expected a window such as 1h')
})
