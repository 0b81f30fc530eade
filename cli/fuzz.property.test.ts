/* oxlint-disable no-template-curly-in-string -- templates within expressions are what is tested */
import fc from 'fast-check'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { outcomeOf } from './fixtures/outcome-of.ts'
import { onTerminal } from './screen/fixtures/on-terminal.ts'

// 1. Whatever the command line and the input, the command ends with 0, 1 or 2, and what it says of a failure is a line with its name
//    in front, and never a stack trace or a defect.
// 2. The same holds on a terminal of any size, which is left with the cursor at the beginning of a line, and without colours if so asked.

const table = fileURLToPath(new URL('fixtures/keys.csv', import.meta.url))

const values: Readonly<Record<string, readonly string[]>> = {
  parse: [
    'auto',
    'json',
    'logfmt',
    'csv',
    'tsv',
    'combined',
    'common',
    'regex:/(?<time>\\S+) ?(?<a>.*)/',
    'regex:/(/',
    'apache-error',
    'grok:%{INT:time} %{DATA:a}$',
    'grok:%{NO:a}',
    'jsn',
  ],
  multiline: ['time', '[{]', '('],
  dedup: ['a', 'b:1s', 'a:x'],
  lookup: ['/nowhere:a', 'a', `${table}:k=b`, `${table}:a=k`],
  join: ['/nowhere:a', `${table}:a=k`, `${table}:a=k:5s`, 'a:'],
  window: [
    '1s',
    'hop:1m/7s',
    'slide:2s',
    'session:3s',
    'count:2',
    'cumulate:1m/1s',
    'day@Asia/Tokyo',
    'none',
    'day@x',
    '0s',
    'hop:1s',
  ],
  by: ['a', 'a,b', 'b', '__proto__', 'time', ''],
  agg: [
    'count()',
    'sum(a)',
    'x=avg(b),min(a)',
    'distinct(a),approx(a)',
    'p50(a)',
    'top(a,2)',
    'list(b)',
    'first(a),last(a)',
    'rate()',
    'quantile(a,2)',
    '__proto__=count()',
  ],
  time: ['time', 'a', 'time:s', 'time:ns', 'time:iso', 'time:%Y-%m', 'time:%H', 'x'],
  tz: ['UTC', 'Asia/Kolkata', '-03:00', 'x'],
  year: ['2020', 'x'],
  where: ['a > 1', 'a.b.c', 'a >', '$', 'time', '`${a}` === "1"'],
  let: ['b=a * 2', 'a=b.c', 'time=a', '=', '__proto__=a'],
  disorder: ['0s', '5s', '-1s'],
  'allowed-lateness': ['0s', '10s'],
  idle: ['1s', 'x'],
  trigger: ['early=1', 'early=1s,late=1', 'late=2', 'count=2', 'every=1s', 'count=0'],
  mode: ['discard', 'accumulate', 'retract', 'x'],
  output: ['table', 'ndjson', 'csv', 'tsv', 'chart', 'x'],
  svg: ['/dev/null', '/nowhere/chart.svg', '-'],
  sort: ['count', 'a:desc', 'x'],
  limit: ['1', '0'],
}

const flag = fc.constantFrom(...Object.keys(values)).chain((name) => {
  return fc.constantFrom(...(values[name] ?? [])).map((value) => [`--${name}=${value}`])
})
const switched = fc.constantFrom(
  ['--strict'],
  ['--quiet'],
  ['--no-color'],
  ['--explain'],
  ['--progress'],
  ['--stats'],
  ['lateness'],
  ['completion', 'zsh'],
  ['help'],
  ['/nowhere'],
  ['--x'],
)
const argv = fc
  .tuple(
    fc.constantFrom(['-W', '1s'], ['-W', 'none'], ['why', '1', '-W', '2s'], ['why', 'a', '-W', 'none'], []),
    fc.array(fc.oneof({ weight: 9, arbitrary: flag }, switched), { maxLength: 6 }),
  )
  .map(([first, rest]) => [...first, ...rest.flat()])

const number = fc.integer({ min: -5, max: 20 })
const line = fc.oneof(
  fc
    .record({ time: number, a: fc.oneof(number, fc.string(), fc.jsonValue()), b: number }, { requiredKeys: [] })
    .map((row) => JSON.stringify(row)),
  fc.tuple(number, number).map(([time, a]) => `time=${time} a=${a}`),
  fc.tuple(number, number).map(([time, a]) => `${time},${a}`),
  fc.constantFrom(
    'time,a',
    'time\ta\tb',
    '',
    '{',
    '192.0.2.1 - - [11/Oct/2018:09:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"',
  ),
  fc.string(),
)
const input = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'))

test('law 1: any command line and any input', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(argv, input, async (words, stdin) => {
      const { exit, stderr } = await outcomeOf(words, { stdin })
      expect([0, 1, 2]).toContain(exit)
      expect(stderr).not.toMatch(/^ +at |This is a defect/m)
      if (exit !== 0) expect(stderr).toMatch(/^tidemark: .{10}/m)
    }),
    { numRuns: 1_000, seed: 8 },
  )
})

test('law 2: any of them on a terminal', { timeout: 60_000 }, async () => {
  const sizes = fc.record({ columns: fc.integer({ min: 1, max: 120 }), rows: fc.integer({ min: 1, max: 30 }) })
  await fc.assert(
    fc.asyncProperty(argv, input, sizes, fc.boolean(), async (words, stdin, size, withErrors) => {
      const environment = { NO_COLOR: '1' }
      const command = onTerminal(words, { ...size, withErrors, environment })
      command.stdin.end(stdin)
      const exit = await command.exit
      expect([0, 1, 2]).toContain(exit)
      const { terminal, errors } = command
      const said = `${terminal.all.join('\n')}\n${String(errors.read() ?? '')}`
      expect(said.replaceAll('\n', '')).not.toMatch(/This is a defect/)
      expect(terminal.cursor.column).toBe(0)
      expect(terminal.cells.flat().every(({ style }) => style === '')).toBe(true)
    }),
    { numRuns: 300, seed: 9 },
  )
})
