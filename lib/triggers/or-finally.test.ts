import { expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { session } from '../windows/session.ts'
import { afterCount } from './after-count.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { afterWatermark } from './after-watermark.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { never } from './never.ts'
import { once } from './once.ts'
import { orFinally } from './or-finally.ts'
import { repeatedly } from './repeatedly.ts'

test('fires as the trigger until the other does, which counts across its firings, and is then finished', async () => {
  await expectPanes(
    `
    in      1@1  2@2        4@3  8@4         16@5        32@6
    out          [0,10)=3?       [0,10)=12?  [0,10)=16?
    closed                                               L(32@6)
    `,
    once(orFinally(repeatedly(afterCount(2)), afterCount(5))),
  )
})

test('is finished when the trigger is', async () => {
  await expectPanes(
    `
    in      1@1  2@2        4@3
    out          [0,10)=3?
    closed                  L(4@3)
    `,
    once(orFinally(afterCount(2), afterCount(5))),
  )
})

test('fires once when both would', async () => {
  await expectPanes(
    `
    in      1@1  2@2        4@3  8@4         16@5
    out          [0,10)=3?       [0,10)=12?
    closed                                   L(16@5)
    `,
    once(orFinally(repeatedly(afterCount(2)), afterCount(4))),
  )
})

test('ends at completion', async () => {
  await expectPanes(
    `
    in      1@1  2@2        4@3  ~10       8@4
    out          [0,10)=3?       [0,10)=4
    closed                                 L(8@4)
    `,
    once(orFinally(repeatedly(afterCount(2)), afterWatermark())),
  )
})

test('ends by the clock, from the first event on', async () => {
  await expectPanes(
    `
    in      !1  1@1  2@2        !5  4@3  !6         8@4
    out              [0,10)=3?           [0,10)=4?
    closed                                          L(8@4)
    `,
    once(orFinally(repeatedly(afterCount(2)), afterProcessingTime(5))),
  )
})

test('never ends if the other never fires', async () => {
  await expectPanes(
    `
    in   1@1  2@2        ~10  4@3  8@4
    out       [0,10)=3?            [0,10)=12!
    `,
    orFinally(repeatedly(afterCount(2)), never()),
  )
})

test('of windows that merge both merge', async () => {
  await expectPanes(
    `
    in      1@0  2@15  4@8        8@9
    out                [0,25)=7?
    closed                        L(8@9)
    `,
    once(orFinally(repeatedly(afterCount(2)), afterCount(3))),
    { windows: session(10) },
  )
})

test('waits once more for the completion of a window that has grown', async () => {
  await expectPanes(
    `
    in   1@0  ~10       2@5  ~14  ~15
    out       [0,10)=1            [0,15)=2
    `,
    orFinally(afterWatermark({ late: never() }), never()),
    { windows: session(10), allowedLateness: 20 },
  )
})

test('has a name', () => {
  expect(orFinally(afterCount(2), never()).name).toBe('orFinally(afterCount(2), never())')
})

test.each<[unknown, unknown, string]>([
  [5, never(), 'orFinally: trigger: expected a trigger, got 5'],
  [never(), undefined, 'orFinally: until: expected a trigger, got undefined'],
])('refuses %o and %o', (trigger, until, message) => {
  expect(() => orFinally(trigger as Trigger, until as Trigger)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message }),
  )
})
