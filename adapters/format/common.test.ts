import { expect, test } from 'vitest'
import { TidemarkError } from '../../lib/errors.ts'
import { common } from './common.ts'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import type { CommonHit } from './hit.ts'

const line = '192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
const hit: CommonHit = {
  host: '192.0.2.7',
  ident: undefined,
  user: 'frank',
  time: Date.UTC(2000, 9, 10, 20, 55, 36),
  request: 'GET /apache_pb.gif HTTP/1.0',
  method: 'GET',
  path: '/apache_pb.gif',
  protocol: 'HTTP/1.0',
  status: 200,
  bytes: 2326,
}

test('reads lines of the common format', () => {
  expect(common().parse(lineOf(line))).toStrictEqual(hit)
  expect(common().parse(lineOf(line.replace('2326', '-')))).toStrictEqual({ ...hit, bytes: undefined })
})

test('ignores what follows after a space, such as referer and agent', () => {
  for (const rest of [' ', ' "-" "curl/8.0"', ' 0.031', ' "unclosed']) {
    expect(common().parse(lineOf(line + rest))).toStrictEqual(hit)
  }
})

test('makes the fields asked for alone', () => {
  expect(common({ fields: ['bytes', 'host'] }).parse(lineOf(line))).toStrictEqual({ host: '192.0.2.7', bytes: 2326 })
})

test('refuses what follows without a space', () => {
  expect(reasonOf(common(), `${line}x`)).toBe('end: expected nothing more, or a space and further fields')
})

test('has neither referer nor agent', () => {
  const fields: string[] = ['agent']
  expect(() => common({ fields: fields as (keyof CommonHit)[] })).toThrow(
    new TidemarkError(
      'invalid-argument',
      "common: fields must be some of host, ident, user, time, request, method, path, protocol, status, bytes, got 'agent'",
    ),
  )
})
