import { expect, test } from 'vitest'
import { grokPattern, grokPatterns } from './grok.ts'
import { UsageError } from './usage-error.ts'

const whole = (name: string, text: string): boolean => new RegExp(`^${grokPattern(`%{${name}}`, '')}$`).test(text)

test.each<[string, readonly string[], readonly string[]]>([
  ['WORD', ['a', 'a_1'], ['a b', '']],
  ['NOTSPACE', ['a/b?c'], ['a b']],
  ['SPACE', ['', '  '], ['a']],
  ['DATA', ['', 'a b'], []],
  ['GREEDYDATA', ['', 'a b'], []],
  ['QUOTED', ['"a"', String.raw`"say \"x\""`, '""'], ['"a', 'a']],
  ['INT', ['0', '-12'], ['1.5', 'a']],
  ['NUMBER', ['0', '-1.5', '.5', '5.'], ['.', '1e5']],
  ['HEX', ['0xFf', 'aF0'], ['g']],
  ['UUID', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']],
  ['IPV4', ['192.0.2.1', '255.255.255.255'], ['256.0.0.1', '1.2.3']],
  ['IPV6', ['::1', '2001:db8::1', '::ffff:192.0.2.1'], ['1', 'a:b']],
  ['IP', ['192.0.2.1', '2001:db8::1'], ['web-1']],
  ['HOSTNAME', ['web-1', 'www.example.com'], ['-x', 'a b']],
  ['IPORHOST', ['192.0.2.1', '::1', 'web-1'], ['a b']],
  ['USER', ['ann', 'a.b-c_d'], ['a b']],
  ['PATH', ['/', '/a/b.html'], ['/a?b', 'a']],
  ['URI', ['https://example.com/a?b'], ['example.com']],
  ['METHOD', ['GET'], ['get']],
  ['LEVEL', ['INFO', 'warn', 'Warning', 'ERR', 'Critical'], ['X', 'iNFO']],
  ['TIME', ['09:00:00', '09:00:00,123'], ['09:00']],
  ['ISO8601', ['2018-10-11T09:00:00Z', '2018-10-11 09:00:00,123', '2018-10-11T09:00+02:00'], ['2018-10-11']],
  ['HTTPDATE', ['11/Oct/2018:09:00:00 +0000'], ['11/10/2018:09:00:00 +0000']],
  ['SYSLOGTIME', ['Oct 11 09:00:00', 'Oct  1 09:00:00'], ['11 Oct 09:00:00']],
])('%s matches %j and not %j', (name, those, others) => {
  expect(those.filter((text) => !whole(name, text))).toEqual([])
  expect(others.filter((text) => whole(name, text))).toEqual([])
})

test('each pattern is tested, and has no groups, which would be fields', () => {
  for (const pattern of Object.values(grokPatterns)) {
    expect(new RegExp(`${pattern}|`).exec('')).toHaveLength(1)
  }
})

test('all else is a regular expression', () => {
  const pattern = new RegExp(grokPattern(String.raw`^\[%{LEVEL:level}\] (?<who>a|b) took %{INT:ms} ms$`, ''))
  expect({ ...pattern.exec('[INFO] b took 12 ms')?.groups }).toEqual({ level: 'INFO', who: 'b', ms: '12' })
})

test('a pattern is one thing, of which there may be none', () => {
  const pattern = new RegExp(grokPattern('^x%{INT}?$', ''))
  expect(['x', 'x12', '12'].map((text) => pattern.test(text))).toEqual([true, true, false])
})

test.each(['%{IPS:host}', '%{}', '%{IP:}', '%{IP:a-b}', '%{INT:ms:int}'])('%s is none', (text) => {
  expect(() => grokPattern(text, text)).toThrow(UsageError)
})
