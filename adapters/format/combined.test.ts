import { expect, test } from 'vitest'
import { TidemarkError } from '../../lib/errors.ts'
import { combined, combinedFields } from './combined.ts'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import type { CombinedHit } from './hit.ts'
import { Unparsable } from './parser.ts'

const hit: CombinedHit = {
  host: '127.0.0.1',
  ident: undefined,
  user: 'frank',
  time: Date.UTC(2000, 9, 10, 20, 55, 36),
  request: 'GET /apache_pb.gif HTTP/1.0',
  method: 'GET',
  path: '/apache_pb.gif',
  protocol: 'HTTP/1.0',
  status: 200,
  bytes: 2326,
  referer: 'http://www.example.com/start.html',
  agent: 'Mozilla/4.08 [en] (Win98; I ;Nav)',
}
const head = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700]'
const middle = '"GET /apache_pb.gif HTTP/1.0" 200 2326'
const tail = '"http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"'
const noParts = { method: undefined, path: undefined, protocol: undefined }

const read: readonly (readonly [what: string, line: string, differing: Partial<CombinedHit>])[] = [
  ["Apache's example", `${head} ${middle} ${tail}`, {}],
  [
    'nothing known',
    '- - - [10/Oct/2000:13:55:36 -0700] "-" 408 - "-" "-"',
    {
      host: '-',
      user: undefined,
      request: '-',
      ...noParts,
      status: 408,
      bytes: undefined,
      referer: undefined,
      agent: undefined,
    },
  ],
  ['IPv6', `::1 - frank ${head.slice(18)} ${middle} ${tail}`, { host: '::1' }],
  ['IPv6 in brackets', `[2001:db8::7] - frank ${head.slice(18)} ${middle} ${tail}`, { host: '[2001:db8::7]' }],
  ['an ident', `h id frank ${head.slice(18)} ${middle} ${tail}`, { host: 'h', ident: 'id' }],
  ['an empty user of Apache', `h - "" ${head.slice(18)} ${middle} ${tail}`, { host: 'h', user: '' }],
  ['an empty user without escapes', `h -  ${head.slice(18)} ${middle} ${tail}`, { host: 'h', user: '' }],
  ['a user with spaces', `h - Jane  Doe ${head.slice(18)} ${middle} ${tail}`, { host: 'h', user: 'Jane  Doe' }],
  ['a user with brackets', `h - x [y] [z ${head.slice(18)} ${middle} ${tail}`, { host: 'h', user: 'x [y] [z' }],
  ['a user with a dash in it', `h - a-b -c ${head.slice(18)} ${middle} ${tail}`, { host: 'h', user: 'a-b -c' }],
  ['a domain user of nginx', `h - DOM\\x5Cbob ${head.slice(18)} ${middle} ${tail}`, { host: 'h', user: 'DOM\\bob' }],
  [
    'a domain user of Apache',
    `h - DOM\\\\Jane D ${head.slice(18)} ${middle} ${tail}`,
    { host: 'h', user: 'DOM\\Jane D' },
  ],
  ['an empty referer and agent', `${head} ${middle} "" ""`, { referer: '', agent: '' }],
  [
    'quotes in the agent, Apache',
    `${head} ${middle} "-" "a \\"b\\" c\\\\"`,
    { referer: undefined, agent: 'a "b" c\\' },
  ],
  [
    'quotes in the agent, nginx',
    `${head} ${middle} "-" "a \\x22b\\x22 c\\x5C"`,
    { referer: undefined, agent: 'a "b" c\\' },
  ],
  ['further fields', `${head} ${middle} ${tail} "10.0.0.1, 10.0.0.2" 0.004 "unclosed`, {}],
  ['a space at the end', `${head} ${middle} ${tail} `, {}],
  [
    'a status of HTTP/0.9 in nginx',
    `${head} "GET /" 009 5 ${tail}`,
    {
      request: 'GET /',
      ...noParts,
      status: 9,
      bytes: 5,
    },
  ],
  [
    'the longest size',
    `${head} "GET /apache_pb.gif HTTP/1.0" 200 999999999999999 ${tail}`,
    { bytes: 999_999_999_999_999 },
  ],
  [
    'a TLS handshake, Apache',
    `${head} "\\x16\\x03\\x01" 400 226 "-" "-"`,
    {
      request: '\x16\x03\x01',
      ...noParts,
      status: 400,
      bytes: 226,
      referer: undefined,
      agent: undefined,
    },
  ],
  [
    'a TLS handshake with spaces, nginx',
    `${head} "\\x16\\x03\\x01\\x00\\xEC\\xF5 \\xFF\\xBDm\\x98 @mo:U" 400 173 "-" "-"`,
    {
      request: '\x16\x03\x01\x00\ufffd\ufffd \ufffd\ufffdm\ufffd @mo:U',
      ...noParts,
      status: 400,
      bytes: 173,
      referer: undefined,
      agent: undefined,
    },
  ],
  [
    'a path with spaces',
    `${head} "GET /a b  c HTTP/1.1" 200 2326 ${tail}`,
    {
      request: 'GET /a b  c HTTP/1.1',
      path: '/a b  c',
      protocol: 'HTTP/1.1',
    },
  ],
  [
    'a path with escapes',
    `${head} "GET /\\xc3\\xa9\\" HTTP/1.1" 200 2326 ${tail}`,
    {
      request: 'GET /é" HTTP/1.1',
      path: '/é"',
      protocol: 'HTTP/1.1',
    },
  ],
  [
    'a path in UTF-8',
    `${head} "GET /é€ HTTP/1.1" 200 2326 ${tail}`,
    {
      request: 'GET /é€ HTTP/1.1',
      path: '/é€',
      protocol: 'HTTP/1.1',
    },
  ],
  [
    'other protocols',
    `${head} "M-SEARCH sip:nm RTSP/2" 200 2326 ${tail}`,
    {
      request: 'M-SEARCH sip:nm RTSP/2',
      method: 'M-SEARCH',
      path: 'sip:nm',
      protocol: 'RTSP/2',
    },
  ],
  [
    'a method with an underscore',
    `${head} "RPC_IN_DATA / HTTP/1.1" 200 2326 ${tail}`,
    {
      request: 'RPC_IN_DATA / HTTP/1.1',
      method: 'RPC_IN_DATA',
      path: '/',
      protocol: 'HTTP/1.1',
    },
  ],
  ...[
    '',
    'GET',
    'GET ',
    'GET /',
    'GET / ',
    'GET  HTTP/1.1',
    ' / HTTP/1.1',
    'G@T / HTTP/1.1',
    'GET / http/1.1',
    'GET / HTTP/',
    'GET / /1.1',
    'GET / HTTP',
    'GET / HTTP/1.1x',
    'GET /HTTP/1.1',
    'quit',
  ].map(
    (request) =>
      [
        `no method, path and protocol: ${request}`,
        `${head} "${request}" 400 2326 ${tail}`,
        { request, ...noParts, status: 400 },
      ] as const,
  ),
]

test.each(read)('reads %s', (_, line, differing) => {
  expect(combined().parse(lineOf(line))).toEqual({ ...hit, ...differing })
})

test('reads bytes that are no UTF-8 as U+FFFD', () => {
  const line = Buffer.from(`${head} "GET /\xff\xe9 HTTP/1.0" 200 2326 "\xc3" "\xe2\x82"`, 'latin1')
  expect(combined({ fields: ['path', 'referer', 'agent'] }).parse(lineOf(line))).toEqual({
    path: '/\ufffd\ufffd',
    referer: '\ufffd',
    agent: '\ufffd',
  })
})

const time = 'time: expected [dd/Mon/yyyy:hh:mm:ss +hhmm] after the user'
const loneDash = "user: expected one, got words with a '-' among them: is there a field too many before the time?"

test.each([
  ['', 'empty line'],
  [' ', 'host: expected one at the start of the line'],
  [` ${head} ${middle} ${tail}`, 'host: expected one at the start of the line'],
  ['127.0.0.1', 'ident: expected host, ident and user, each followed by a space'],
  ['127.0.0.1 ', 'ident: expected host, ident and user, each followed by a space'],
  ['127.0.0.1 -', 'ident: expected host, ident and user, each followed by a space'],
  ['127.0.0.1 - ', 'ident: expected host, ident and user, each followed by a space'],
  ['127.0.0.1 - -', time],
  ['127.0.0.1 - - ', time],
  ['127.0.0.1 - - [', time],
  ['127.0.0.1 - - [10/Oct/2000:13:55:36 -0700', time],
  [`127.0.0.1 - [10/Oct/2000:13:55:36 -0700] ${middle} ${tail}`, time],
  [`127.0.0.1 - frank[10/Oct/2000:13:55:36 -0700] ${middle} ${tail}`, time],
  ['Jan  1 00:00:00 host kernel: [    0.000000] Linux version 6.1.0 (gcc)', time],
  [`127.0.0.1 - - [10/Foo/2000:13:55:36 -0700] ${middle} ${tail}`, "time: no such month 'Foo'"],
  [`127.0.0.1 - a b [10/Foo/2000:13:55:36 -0700] ${middle} "-" "x ${head.slice(18)} y"`, "time: no such month 'Foo'"],
  [`www.example.com:80 10.0.0.1 - - ${head.slice(18)} ${middle} ${tail}`, loneDash],
  [`10.0.0.1, 10.0.0.2 - frank ${head.slice(18)} ${middle} ${tail}`, loneDash],
  [`10.0.0.1, 10.0.0.2, 10.0.0.3 - frank ${head.slice(18)} ${middle} ${tail}`, loneDash],
  [head, 'request: expected a quoted one after the time'],
  [`${head} `, 'request: expected a quoted one after the time'],
  [`${head} GET / HTTP/1.1 200 5 "-" "-"`, 'request: expected a quoted one after the time'],
  [`${head}"GET / HTTP/1.1" 200 5 "-" "-"`, 'request: expected a quoted one after the time'],
  [`${head} "`, 'request: unclosed quote'],
  [`${head} "GET / HTTP/1.0`, 'request: unclosed quote'],
  [`${head} "GET / HTTP/1.0\\"`, 'request: unclosed quote'],
  [`${head} "GET / HTTP/1.0\\`, 'request: unclosed quote'],
  [`${head} "GET / HTTP/1.0"`, 'status: expected three digits after the request'],
  [`${head} "GET / HTTP/1.0" `, 'status: expected three digits after the request'],
  [`${head} "GET / HTTP/1.0" 20`, 'status: expected three digits after the request'],
  [`${head} "GET / HTTP/1.0" 2x0 5 "-" "-"`, 'status: expected three digits after the request'],
  [`${head} "GET / HTTP/1.0" - 5 "-" "-"`, 'status: expected three digits after the request'],
  [`${head} "GET / HTTP/1.0"200 5 "-" "-"`, 'status: expected three digits after the request'],
  [`${head} "GET / HTTP/1.0" 200`, "bytes: expected digits or '-' after the status"],
  [`${head} "GET / HTTP/1.0" 200 `, "bytes: expected digits or '-' after the status"],
  [`${head} "GET / HTTP/1.0" 2000 5 "-" "-"`, "bytes: expected digits or '-' after the status"],
  [`${head} "GET / HTTP/1.0" 200 x "-" "-"`, "bytes: expected digits or '-' after the status"],
  [`${head} "GET / HTTP/1.0" 200 1000000000000000 "-" "-"`, 'bytes: expected at most 15 digits'],
  [`${head} ${middle}`, 'referer: expected a quoted one after the bytes'],
  [`${head} ${middle} `, 'referer: expected a quoted one after the bytes'],
  [`${head} ${middle}.5 "-" "-"`, 'referer: expected a quoted one after the bytes'],
  [`${head} ${middle} - "-"`, 'referer: expected a quoted one after the bytes'],
  [`${head} ${middle} "-`, 'referer: unclosed quote'],
  [`${head} ${middle} "-"`, 'agent: expected a quoted one after the referer'],
  [`${head} ${middle} "-" -`, 'agent: expected a quoted one after the referer'],
  [`${head} ${middle} "-" "`, 'agent: unclosed quote'],
  [`${head} ${middle} "-" "curl\\"`, 'agent: unclosed quote'],
  [`${head} ${middle} "-" "curl"x`, 'end: expected nothing more, or a space and further fields'],
])('refuses %j', (line, reason) => {
  expect(reasonOf(combined(), line)).toBe(reason)
})

test.each([`${head} ${middle} ${tail}`, `${head} "-" 408 - "-" "-"`])('refuses every beginning of %s', (line) => {
  for (let length = 0; length < line.length; length++) {
    const beginning = line.slice(0, length)
    const refusal = combined().parse(lineOf(beginning))
    expect(refusal).toBeInstanceOf(Unparsable)
    // Also with the very bytes that are missing right behind it, and for the same reason.
    expect(combined().parse(lineOf(beginning, { around: line.slice(length) }))).toEqual(refusal)
  }
})

test('refuses for a constant reason with the same value each time', () => {
  const parser = combined()
  expect(parser.parse(lineOf('x'))).toBe(parser.parse(lineOf('y')))
})

test('makes the fields asked for and no others, for every set of fields', () => {
  const line = lineOf(`${head} ${middle} ${tail}`)
  for (let set = 0; set < 2 ** combinedFields.length; set++) {
    const fields = combinedFields.filter((_, index) => (set >> index) & 1)
    const expected = Object.fromEntries(fields.map((field) => [field, hit[field]]))
    expect(combined({ fields }).parse(line)).toStrictEqual(expected)
  }
})

test('checks the whole line whatever fields are asked for', () => {
  const parser = combined({ fields: ['host'] })
  expect(reasonOf(parser, `${head} ${middle} "-" "curl`)).toBe('agent: unclosed quote')
  expect(reasonOf(combined({ fields: [] }), `${head} ${middle} "-" "curl`)).toBe('agent: unclosed quote')
})

test('refuses fields that the format has not', () => {
  const fields: string[] = ['host', 'hots']
  expect(() => combined({ fields: fields as (keyof CombinedHit)[] })).toThrow(
    new TidemarkError(
      'invalid-argument',
      "combined: fields must be some of host, ident, user, time, request, method, path, protocol, status, bytes, referer, agent, got 'hots'",
    ),
  )
})
