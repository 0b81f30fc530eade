import { expect, test } from 'vitest'
import { TidemarkError } from '../../lib/errors.ts'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import { regex } from './regex.ts'

test('makes a record of the named groups', () => {
  const parser = regex(
    /^(?<month>\w{3}) +(?<day>\d+) (?<time>[\d:]+) (?<host>\S+) (?<process>\w+)(?:\[(?<pid>\d+)\])?: (.*)$/,
  )
  expect(parser.parse(lineOf('Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user webmaster from 203.0.113.186'))).toEqual({
    month: 'Dec',
    day: '10',
    time: '06:55:46',
    host: 'LabSZ',
    process: 'sshd',
    pid: '24200',
  })
  expect(parser.parse(lineOf('Jun  4 15:16:01 combo syslogd: restart'))).toMatchObject({ day: '4', pid: undefined })
  expect(reasonOf(parser, '2015-07-29 17:41:44,747 - INFO')).toBe('no match')
})

test.each([
  [/(?<n>\d)/, ['1', '2', undefined]],
  [/(?<n>\d)/g, ['1', '2', undefined]],
  // Sticky: at the start of each line, and not where the last match ended.
  [/(?<n>\d)/y, ['1', undefined, undefined]],
  [/(?<n>\d)/gy, ['1', undefined, undefined]],
])('does not carry over from line to line: %s', (pattern, expected) => {
  const parser = regex(pattern)
  pattern.lastIndex = 3
  for (let round = 0; round < 2; round++) {
    const found = ['1x', 'x2', 'xx'].map((text) => {
      const record = parser.parse(lineOf(text))
      return typeof record === 'object' && 'n' in record ? record['n'] : undefined
    })
    expect(found).toEqual(expected)
  }
  expect(pattern.lastIndex).toBe(3)
})

test('keeps the other flags', () => {
  expect(regex(/^(?<a>É.)$/isu).parse(lineOf('é😀'))).toEqual({ a: 'é😀' })
})

test('takes __proto__ for a group as any other', () => {
  expect(Object.entries(regex(/(?<__proto__>.)/).parse(lineOf('a')))).toEqual([['__proto__', 'a']])
})

test('matches the line and nothing beside it', () => {
  expect(regex(/^(?<all>.*)$/).parse(lineOf('x'))).toEqual({ all: 'x' })
})

test.each([/a/, /(a)(b)/, /(?:a)/, /\(?<a>/])('refuses %s, which has no named groups', (pattern) => {
  expect(() => regex(pattern)).toThrow(
    new TidemarkError('invalid-argument', `regex: pattern must have named groups like (?<name>...), got ${pattern}`),
  )
})
