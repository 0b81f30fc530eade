import { expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { session } from '../windows/session.ts'
import { afterCount } from './after-count.ts'
import { afterFirst } from './after-first.ts'
import { afterWatermark } from './after-watermark.ts'
import { defaultTrigger } from './default-trigger.ts'
import { everyEventTime } from './every-event-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { never } from './never.ts'
import { once } from './once.ts'
import { repeatedly } from './repeatedly.ts'

test('closes the window of one key when the trigger is finished; a new window is open', async () => {
  await expectPanes(
    `
    in      a:1@1        a:2@2     b:4@3        a:8@11        ~20  |
    out     a:[0,10)=1?            b:[0,10)=4?  a:[10,20)=8?
    closed               L(a:2@2)
    `,
    once(afterCount(1)),
  )
})

test('a closed session that merges with one that is open goes on in that', async () => {
  await expectPanes(
    `
    in      1@0  2@1        4@2     8@18  16@9        32@20
    out          [0,11)=3?                [0,28)=24?
    closed                  L(4@2)                    L(32@20)
    `,
    once(afterCount(2)),
    { windows: session(10) },
  )
})

test('fires as the trigger, and says so', () => {
  const trigger = once(afterWatermark({ early: afterCount(1) }))
  expect(trigger).toMatchObject({
    name: 'once(afterWatermark({ early: afterCount(1) }))',
    fires: 'any-time',
    finishes: 'completion',
    isOnce: true,
  })
})

test.each([
  [defaultTrigger(), 'defaultTrigger()'],
  [never(), 'never()'],
  [repeatedly(afterCount(1)), 'repeatedly(afterCount(1))'],
  [everyEventTime('1m'), 'everyEventTime(1m)'],
  [afterFirst(never()), 'afterFirst(never())'],
])('refuses one that never finishes: %#', (trigger, name) => {
  expect(() => once(trigger)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `once: expected a trigger that finishes, got ${name}; afterFirst(...) makes one that does when it fires`,
    }),
  )
})

test('refuses what is no trigger', () => {
  expect(() => once(5 as unknown as Trigger)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: 'once: expected a trigger, got 5' }),
  )
})
