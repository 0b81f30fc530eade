import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import { logfmt } from './logfmt.ts'

test.each([
  [
    'at=info method=GET path=/ host=mutelight.org fwd="124.133.52.161" dyno=web.2 connect=4ms status=200 bytes=1653',
    {
      at: 'info',
      method: 'GET',
      path: '/',
      host: 'mutelight.org',
      fwd: '124.133.52.161',
      dyno: 'web.2',
      connect: '4ms',
      status: '200',
      bytes: '1653',
    },
  ],
  [
    'time="2015-03-26T01:27:38-04:00" level=debug msg="Started observing beach" animal=walrus number=8',
    {
      time: '2015-03-26T01:27:38-04:00',
      level: 'debug',
      msg: 'Started observing beach',
      animal: 'walrus',
      number: '8',
    },
  ],
  ['a=1 debug b= c="" d', { a: '1', debug: '', b: '', c: '', d: '' }],
  ['  a=1 \t b=2  ', { a: '1', b: '2' }],
  ['a=1 b=2 a=3', { b: '2', a: '3' }],
  ['url=/a?b=c&d==', { url: '/a?b=c&d==' }],
  ['ключ=значение e=é', { ключ: 'значение', e: 'é' }],
  [String.raw`a="\"\\\/\'\a\b\f\n\r\t\v"`, { a: '"\\/\'\u0007\b\f\n\r\t\v' }],
  [String.raw`a="\x1b[31m\xff \u00e9\uD83D\uDE00 \U0001F600"`, { a: '\x1b[31m\ufffd é😀 😀' }],
  [String.raw`a="x\\" b="= y"`, { a: 'x\\', b: '= y' }],
  ['constructor=1 toString=2', { constructor: '1', toString: '2' }],
])('reads %s', (text, record) => {
  expect(logfmt().parse(lineOf(text))).toStrictEqual(record)
})

test('takes __proto__ for a key as any other', () => {
  const record = logfmt().parse(lineOf('__proto__=1 b=2'))
  expect(Object.entries(record)).toEqual([
    ['__proto__', '1'],
    ['b', '2'],
  ])
  expect(Object.getPrototypeOf(record)).toBe(Object.prototype)
})

test.each([
  ['', 'empty line'],
  [' \t', 'empty line'],
  ['Started observing the beach', 'no key=value pair'],
  ['=1', "unexpected '=' at character 1"],
  ['a=1 =2', "unexpected '=' at character 5"],
  ['a"b=1', `unexpected '"' at character 2`],
  ['a=1 "b"=2', `unexpected '"' at character 5`],
  ['a=b"c"', `unexpected '"' at character 4`],
  ['a="b"c=1', "unexpected 'c' at character 6"],
  ['a="b""c"', `unexpected '"' at character 6`],
  ['a="b', 'a: unclosed quote'],
  ['a="', 'a: unclosed quote'],
  ['a="b\\"', 'a: unclosed quote'],
  ['x=1 a="b\\q"', "a: no such escape '\\q'"],
  ['a="\\x4"', "a: no such escape '\\x'"],
  ['a="\\U00110000"', "a: no such escape '\\U00110000'"],
])('refuses %j', (text, reason) => {
  expect(reasonOf(logfmt(), text)).toBe(reason)
})

const keys = fc.string({ unit: 'binary', minLength: 1 }).filter((key) => !/[\0-\x20="]/.test(key))
const values = fc.string({ unit: 'binary' })

property.prop([fc.dictionary(keys, values, { minKeys: 1, noNullPrototype: true })])(
  'reads what was printed',
  (record) => {
    const pairs = Object.entries(record).map(
      ([key, value]) => `${key}=${/^[^\0-\x20"]*$/.test(value) ? value : JSON.stringify(value)}`,
    )
    expect(logfmt().parse(lineOf(pairs.join(' ')))).toStrictEqual(record)
  },
)

property.prop([fc.string({ unit: fc.constantFrom('a', '=', '"', '\\', ' ', 'x', '1'), maxLength: 20 })])(
  'reads or refuses anything, and never throws',
  (text) => {
    expect(logfmt().parse(lineOf(text))).toBeTypeOf('object')
  },
)
