import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'
import type { Config } from './config.ts'
import { toConfig } from './to-config.ts'
import { flags } from './flags.ts'
import { noTerminal } from './surroundings.ts'
import { UsageError } from './usage-error.ts'

// 1. Whatever the command line, what comes of it is a configuration or a usage error of one line.
// 2. A configuration that was made from good parts says what the parts said, in whatever order the flags come.

const runs = { numRuns: 2_000 }

function configOf(argv: readonly string[]): Config | UsageError {
  try {
    return toConfig(parseCommandLine(argv), noTerminal)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
}

const names = [...flags.values()].flatMap(({ name, short = 'x' }) => [
  `--${name}`,
  `-${short}`,
  `--${name}=`,
  `-${short}q`,
])
const values = [
  '1h',
  'hop:1h/5m',
  'count:5',
  'none',
  'early=1s,late=2',
  'retract',
  'x:desc',
  'x=a + b',
  'ts:%d/%b',
  '5s',
  '0s',
  '-1s',
  'combined',
  'regex:/(?<a>.)/',
  'regex:/(/',
  'count()',
  'a=sum(b)',
  'a,b',
]
const odd = [
  '',
  '-',
  '--',
  '=',
  '()',
  '--=',
  '-=',
  '---',
  '__proto__',
  '--__proto__',
  'count(__proto__)',
  'toString(x)',
  '\0',
]
const word = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(...values, ...odd),
  fc.string(),
  fc.string({ unit: 'binary' }),
)

test('law 1: any words', () => {
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      const outcome = configOf(argv)
      if (outcome instanceof UsageError)
        expect(outcome.message).toMatch(/^(?:--[a-z-]+: expected |unknown flag |FILE: expected )/)
      else expect(outcome.aggregates.length).toBeGreaterThan(0)
    }),
    runs,
  )
})

test('law 2: good flags in any order', () => {
  const field = fc.stringMatching(/^[a-z_]{1,8}$/)
  const good = fc.record({
    size: fc.integer({ min: 1, max: 10_000 }),
    disorder: fc.nat(),
    by: fc.uniqueArray(field, { maxLength: 3 }),
    of: field,
  })
  const shuffled = good.chain((parts) => {
    const { size, disorder, by, of } = parts
    const words = [
      ['-p', 'json'],
      [`--window=${size}s`],
      ['-d', `${disorder}ms`],
      ['-a', `the result=sum(${of})`],
      ['some file'],
      ...by.map((name) => ['--by', name]),
    ]
    return fc.record({
      parts: fc.constant(parts),
      words: fc.shuffledSubarray(words, { minLength: words.length }),
    })
  })
  fc.assert(
    fc.property(shuffled, ({ parts: { size, disorder, by, of }, words }) => {
      const config = configOf(words.flat())
      expect(config).toMatchObject({
        files: ['some file'],
        format: { kind: 'json' },
        window: { kind: 'tumbling', size: size * 1_000 },
        disorder,
        aggregates: [{ name: 'the result', fn: 'sum', field: of }],
      })
      expect(config instanceof UsageError ? [] : config.by.toSorted()).toEqual(by.toSorted())
    }),
    runs,
  )
})
