import { expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { session } from '../windows/session.ts'
import { afterCount } from './after-count.ts'
import { afterEach } from './after-each.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { afterWatermark } from './after-watermark.ts'
import { everyEventTime } from './every-event-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { repeatedly } from './repeatedly.ts'

test('starts what is finished anew', async () => {
  await expectPanes(
    `
    in   1@1        2@2  4@3        8@4        16@5  ~10  32@6
    out  [0,10)=1?       [0,10)=6?  [0,10)=8?             [0,10)=48!
    `,
    repeatedly(afterEach(afterCount(1), afterCount(2))),
  )
})

test('does nothing for what never finishes', async () => {
  await expectPanes(
    `
    in   1@1  ~3         2@5  ~6         ~10       4@5
    out       [0,10)=1?       [0,10)=2?  [0,10)=0  [0,10)=4!
    `,
    repeatedly(everyEventTime(3)),
  )
})

test('of completion fires at completion, and then for every event', async () => {
  await expectPanes(
    `
    in   1@1  ~10       2@2        4@4
    out       [0,10)=1  [0,10)=2!  [0,10)=4!
    `,
    repeatedly(afterWatermark()),
  )
})

test('of windows that merge what is repeated merges', async () => {
  await expectPanes(
    `
    in   1@0  2@15  4@8        8@9  16@10  32@11
    out             [0,25)=7?              [0,25)=56?
    `,
    repeatedly(afterCount(3)),
    { windows: session(10) },
  )
})

test('passes on that a window has grown', async () => {
  await expectPanes(
    `
    in   1@0  ~10       2@5  ~15
    out       [0,10)=1       [0,15)=2
    `,
    repeatedly(afterWatermark({ late: afterCount(9) })),
    { windows: session(10), allowedLateness: 20 },
  )
})

test('has a name', () => {
  expect(repeatedly(afterProcessingTime('10s')).name).toBe('repeatedly(afterProcessingTime(10s))')
})

test.each<[unknown, string]>([
  [undefined, 'repeatedly: expected a trigger, got undefined'],
  [afterCount, 'repeatedly: expected a trigger, got a function'],
  [{}, 'repeatedly: expected a trigger, got an object'],
])('refuses %o', (trigger, message) => {
  expect(() => repeatedly(trigger as Trigger)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
})
