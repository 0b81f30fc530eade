import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { collect } from '../../testing/collect.ts'
import { defineEgress } from './egress.ts'
import { event, idle, type Stream, watermark } from '../element.ts'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'

const stream: Stream<number, string, undefined> = from([event(1, 5, 'a'), watermark(5), idle, event(2, 6, 'b')])

test('makes a plain value of each event; watermarks and idleness end there', async () => {
  expect(await collect(defineEgress(stream, 'texts', ({ value, time, key }) => `${value}@${time} ${key}`))).toEqual([
    '1@5 a',
    '2@6 b',
  ])
})

test('an error names it, key and event time', async () => {
  const boom = new Error('boom')
  const failing = defineEgress(stream, 'texts', ({ value }) => {
    if (value === 2) throw boom
    return value
  })
  expect(await failureOf(collect(failing))).toEqual(
    new TidemarkError('callback', "texts: boom (key 'b', event time 6)", {
      cause: boom,
      operator: 'texts',
      key: 'b',
      time: 6,
    }),
  )
})
