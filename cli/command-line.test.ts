import { expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'

function taken(...argv: string[]): { flags: Record<string, readonly string[]>; files: readonly string[] } {
  const { flags, files } = parseCommandLine(argv)
  return { flags: Object.fromEntries(flags), files }
}

test('takes long and short flags, values apart, with = and attached, and files in between', () => {
  expect(taken('--parse', 'json', 'a.log', '-W1h', '--disorder=5s', '-', '-q', '-t', 'ts')).toEqual({
    flags: { parse: ['json'], window: ['1h'], disorder: ['5s'], quiet: [], time: ['ts'] },
    files: ['a.log', '-'],
  })
})

test('takes several short flags at once', () => {
  expect(taken('-qp', 'csv').flags).toEqual({ quiet: [], parse: ['csv'] })
})

test('collects the flags that can be given more than once, and of the others keeps the last', () => {
  expect(taken('-a', 'count()', '-W', '1h', '--agg', 'sum(x)', '-W', '2h').flags).toEqual({
    agg: ['count()', 'sum(x)'],
    window: ['2h'],
  })
})

test('takes what stands behind -- for files', () => {
  expect(taken('-q', '--', '--parse', '-x')).toEqual({ flags: { quiet: [] }, files: ['--parse', '-x'] })
})

test.each([
  [['--widnow', '1h'], "unknown flag '--widnow'; did you mean '--window'?"],
  [['--nothing-like-it'], "unknown flag '--nothing-like-it'"],
  [['--constructor'], "unknown flag '--constructor'"],
  [['-x'], "unknown flag '-x'"],
  [['-A', '1h'], "unknown flag '-A'; did you mean '-a'?"],
  [
    ['--time'],
    '--time: expected the name of a field, and behind a colon, if at all, one of iso s ms us ns or a pattern such as %d/%b/%Y:%T, got nothing',
  ],
  [
    ['--time='],
    "--time: expected the name of a field, and behind a colon, if at all, one of iso s ms us ns or a pattern such as %d/%b/%Y:%T, got ''",
  ],
  [
    ['--time', '--by', 'x'],
    "--time: expected the name of a field, and behind a colon, if at all, one of iso s ms us ns or a pattern such as %d/%b/%Y:%T, got '--by'; if that is meant, write --time=--by",
  ],
  [['--quiet=no'], "--quiet: expected no value, got 'no'"],
])('refuses %j', (argv, message) => {
  expect(() => parseCommandLine(argv)).toThrow(message)
})

test('takes a value that begins like a flag when it is attached', () => {
  expect(taken('--time=-x').flags).toEqual({ time: ['-x'] })
})
