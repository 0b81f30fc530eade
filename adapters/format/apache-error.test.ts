import { describe, expect, test } from 'vitest'
import { lineOf } from './fixtures/line-of.ts'
import { apacheError } from './apache-error.ts'
import { Unparsable } from './parser.ts'

const parser = apacheError()
const all = {
  time: Date.UTC(2026, 9, 11, 22, 14, 15, 3),
  module: 'core',
  level: 'error',
  process: '35708',
  thread: '4328636416',
  client: '192.0.2.1',
  code: 'AH00128',
  message: 'File does not exist: /srv/www/a',
}

test.each([
  [
    '[Sun Oct 11 22:14:15.003999 2026] [core:error] [pid 35708:tid 4328636416] [client 192.0.2.1:5120] AH00128: File does not exist: /srv/www/a',
    all,
  ],
  [
    '[Sun Oct 11 22:14:15 2026] [error] [client 192.0.2.1] File does not exist: /srv/www/a',
    {
      ...all,
      time: Date.UTC(2026, 9, 11, 22, 14, 15),
      module: undefined,
      process: undefined,
      thread: undefined,
      code: undefined,
    },
  ],
  [
    '[Thu Oct  1 00:00:00.5 2026] [:trace3] [pid 7] [client [2001:db8::1]:80] x',
    {
      time: Date.UTC(2026, 9, 1, 0, 0, 0, 500),
      module: undefined,
      level: 'trace3',
      process: '7',
      thread: undefined,
      client: '2001:db8::1',
      code: undefined,
      message: 'x',
    },
  ],
])('%s', (text, record) => {
  expect(parser.parse(lineOf(text))).toEqual(record)
})

test('times are of the zone', () => {
  const [berlin, utc] = [apacheError({ zone: 'Europe/Berlin' }), parser].map((each) => {
    const record = each.parse(lineOf('[Sun Oct 11 22:14:15 2026] [error] x'))
    return record as { readonly time: number }
  })
  expect((utc?.time ?? 0) - (berlin?.time ?? 0)).toBe(7_200_000)
})

describe('refused', () => {
  test.each([
    ['', 'empty line'],
    ['x', 'no time such as [Sat Oct 11 22:14:15.003 2026] at the start'],
    ['[Sun Oct 11 22:14:15 2026] x', 'no level such as [core:error] behind the time'],
    ['[Sun Okt 11 22:14:15 2026] [error] x', "time: no such month 'Okt'"],
    ['[Sun Feb 29 22:14:15 2026] [error] x', 'time: no day 29 in Feb 2026'],
    ['[Sun Oct 11 24:14:15 2026] [error] x', 'time: no hour 24'],
  ])('%j', (text, reason) => {
    expect(parser.parse(lineOf(text))).toEqual(new Unparsable(reason))
  })
})
