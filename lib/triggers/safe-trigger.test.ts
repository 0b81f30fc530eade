import { describe, expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { afterAll } from './after-all.ts'
import { afterCount } from './after-count.ts'
import { afterEach } from './after-each.ts'
import { afterFirst } from './after-first.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { afterWatermark } from './after-watermark.ts'
import { defaultTrigger } from './default-trigger.ts'
import { everyEventTime } from './every-event-time.ts'
import { everyProcessingTime } from './every-processing-time.ts'
import { never } from './never.ts'
import { once } from './once.ts'
import { orFinally } from './or-finally.ts'
import { repeatedly } from './repeatedly.ts'
import { safeTrigger } from './safe-trigger.ts'

describe('one that never finishes, or says that it does, passes', () => {
  test.each([
    defaultTrigger(),
    never(),
    everyEventTime(1),
    everyProcessingTime(1),
    repeatedly(afterCount(1)),
    afterWatermark({ late: afterCount(1) }),
    afterEach(afterCount(1), everyEventTime(1)),
    afterAll(afterCount(1), never()),
    orFinally(repeatedly(afterCount(1)), never()),
    once(afterCount(1)),
    once(afterWatermark()),
  ])('$name', (trigger) => {
    expect(safeTrigger('window', trigger, 10)).toBe(trigger)
  })
})

describe('one that may finish at any time is refused', () => {
  test.each([
    [afterCount(2), 'afterCount(2)'],
    [afterProcessingTime('1s'), 'afterProcessingTime(1s)'],
    [afterFirst(afterCount(1), afterWatermark()), 'afterFirst(afterCount(1), afterWatermark())'],
    [afterAll(afterCount(1), afterProcessingTime(1)), 'afterAll(afterCount(1), afterProcessingTime(1ms))'],
    [afterEach(afterCount(1), afterCount(2)), 'afterEach(afterCount(1), afterCount(2))'],
    [orFinally(repeatedly(afterCount(1)), afterCount(5)), 'orFinally(repeatedly(afterCount(1)), afterCount(5))'],
    // What is said inside does not count outside.
    [afterFirst(once(afterCount(1)), never()), 'afterFirst(once(afterCount(1)), never())'],
  ])('%#', (trigger, name) => {
    for (const allowedLateness of [0, 10]) {
      expect(() => safeTrigger('window', trigger, allowedLateness)).toThrow(
        expect.objectContaining({
          code: 'invalid-argument',
          message:
            `window: ${name} may finish before its window has expired, and what comes later would be lost; ` +
            `write repeatedly(${name}) to fire again, or once(${name}) to refuse what comes later`,
        }),
      )
    }
  })
})

describe('one that may finish at completion', () => {
  const triggers: readonly (readonly [Trigger, string])[] = [
    [afterWatermark(), 'afterWatermark()'],
    [afterWatermark({ early: afterCount(1) }), 'afterWatermark({ early: afterCount(1) })'],
    [afterFirst(defaultTrigger()), 'afterFirst(defaultTrigger())'],
    [afterAll(afterCount(1), afterWatermark()), 'afterAll(afterCount(1), afterWatermark())'],
    [afterEach(afterWatermark(), afterCount(1)), 'afterEach(afterWatermark(), afterCount(1))'],
    [orFinally(repeatedly(afterCount(1)), afterWatermark()), 'orFinally(repeatedly(afterCount(1)), afterWatermark())'],
  ]

  test.each(triggers)('passes without lateness: %#', (trigger) => {
    expect(safeTrigger('window', trigger, 0)).toBe(trigger)
  })

  test.each(triggers)('is refused with any: %#', (trigger, name) => {
    expect(() => safeTrigger('window', trigger, 90_000)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message:
          `window: ${name} finishes when the watermark completes its window, and what comes in the allowed lateness of ` +
          `1m30s would be lost; write afterWatermark({ late: afterCount(1) }) to fire for it, or once(${name}) to refuse it`,
      }),
    )
    expect(() => safeTrigger('window', trigger, 1)).toThrow('allowed lateness of 1ms')
  })
})

test.each<[unknown, string]>([
  [5, '5'],
  [null, 'null'],
  [{ name: 'mine' }, 'an object'],
])('what is no trigger is refused: %o', (trigger, shown) => {
  expect(() => safeTrigger('window', trigger as Trigger, 0)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: `window: trigger: expected a trigger, got ${shown}` }),
  )
})
