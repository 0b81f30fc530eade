import { expect, test } from 'vitest'
import type { Moment, Trigger } from '../trigger.ts'
import { afterAll } from './after-all.ts'
import { afterCount } from './after-count.ts'
import { afterEach } from './after-each.ts'
import { afterFirst } from './after-first.ts'
import { afterWatermark } from './after-watermark.ts'
import { defaultTrigger } from './default-trigger.ts'
import { earliest, latest } from './moment.ts'
import { never } from './never.ts'
import { once } from './once.ts'
import { orFinally } from './or-finally.ts'
import { repeatedly } from './repeatedly.ts'

test.each<[readonly Moment[], Moment, Moment]>([
  [['any-time'], 'any-time', 'any-time'],
  [['never', 'any-time'], 'any-time', 'never'],
  [['completion', 'any-time'], 'any-time', 'completion'],
  [['never', 'completion'], 'completion', 'never'],
  [['never', 'never'], 'never', 'never'],
  [[], 'never', 'never'],
])('of %o', (moments, first, last) => {
  expect([earliest(moments), latest(moments)]).toEqual([first, last])
})

const anyTime = afterCount(1)
const completion = afterWatermark()

// When what is made of other triggers fires and finishes at the earliest.
test.each<[Trigger, Moment, Moment]>([
  [completion, 'completion', 'completion'],
  [afterWatermark({ early: anyTime }), 'any-time', 'completion'],
  [afterWatermark({ early: never() }), 'completion', 'completion'],
  [afterWatermark({ early: defaultTrigger() }), 'completion', 'completion'],
  [afterWatermark({ late: anyTime }), 'completion', 'never'],
  [afterWatermark({ early: anyTime, late: never() }), 'any-time', 'never'],
  [repeatedly(anyTime), 'any-time', 'never'],
  [repeatedly(completion), 'completion', 'never'],
  [repeatedly(never()), 'never', 'never'],
  [once(anyTime), 'any-time', 'any-time'],
  [once(completion), 'completion', 'completion'],
  [afterFirst(completion, anyTime), 'any-time', 'any-time'],
  [afterFirst(completion, never()), 'completion', 'completion'],
  [afterFirst(defaultTrigger()), 'completion', 'completion'],
  [afterFirst(never()), 'never', 'never'],
  [afterAll(completion, anyTime), 'completion', 'completion'],
  [afterAll(anyTime, repeatedly(anyTime)), 'any-time', 'any-time'],
  [afterAll(anyTime, never()), 'never', 'never'],
  [afterEach(anyTime, completion), 'any-time', 'completion'],
  [afterEach(completion, anyTime), 'completion', 'completion'],
  [afterEach(anyTime, anyTime), 'any-time', 'any-time'],
  [afterEach(never(), anyTime), 'never', 'never'],
  [afterEach(anyTime, never()), 'any-time', 'never'],
  [orFinally(repeatedly(anyTime), completion), 'any-time', 'completion'],
  [orFinally(anyTime, completion), 'any-time', 'any-time'],
  [orFinally(completion, anyTime), 'any-time', 'any-time'],
  [orFinally(never(), never()), 'never', 'never'],
  [orFinally(repeatedly(anyTime), never()), 'any-time', 'never'],
])('$0.name fires at $1 and finishes at $2', (trigger, fires, finishes) => {
  expect(trigger).toMatchObject({ fires, finishes })
})
