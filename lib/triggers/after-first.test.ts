import { expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { session } from '../windows/session.ts'
import { afterCount } from './after-count.ts'
import { afterFirst } from './after-first.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { everyEventTime } from './every-event-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { never } from './never.ts'
import { once } from './once.ts'
import { repeatedly } from './repeatedly.ts'

test('fires when any would; all of them start anew then', async () => {
  await expectPanes(
    `
    in   1@1  2@2  !5         4@3  !9  8@4  16@5        !10  32@6  !14  !15
    out            [0,10)=3?                [0,10)=28?                  [0,10)=32?
    `,
    repeatedly(afterFirst(afterCount(3), afterProcessingTime(5))),
  )
})

test('is finished when it has fired', async () => {
  await expectPanes(
    `
    in      1@1  2@2        4@3     !5  ~20
    out          [0,10)=3?
    closed                  L(4@3)
    `,
    once(afterFirst(afterProcessingTime(5), afterCount(2))),
  )
})

test('asks those that wait for the clock or the watermark at the time of each', async () => {
  const trigger = repeatedly(afterFirst(never(), afterProcessingTime(5), everyEventTime(3), afterProcessingTime(7)))
  await expectPanes(
    `
    in   1@1  ~2  ~3         2@4  !4  !5         4@5  !9  !10        ~6
    out           [0,10)=1?           [0,10)=2?           [0,10)=4?
    `,
    trigger,
  )
})

test('of windows that merge each part merges with its like', async () => {
  await expectPanes(
    `
    in   1@0  !3  2@15  4@8  !5         8@9  16@10  32@11  64@12
    out                      [0,25)=7?                     [0,25)=120?
    `,
    repeatedly(afterFirst(afterCount(4), afterProcessingTime(5))),
    { windows: session(10) },
  )
})

test('has a name', () => {
  expect(afterFirst(afterCount(2), never()).name).toBe('afterFirst(afterCount(2), never())')
})

test.each<[unknown[], string]>([
  [[], 'afterFirst: expected at least one trigger, got none'],
  [[5], 'afterFirst: expected a trigger, got 5'],
  [[afterCount(2), undefined], 'afterFirst: expected a trigger, got undefined'],
  [[[afterCount(2)]], 'afterFirst: expected a trigger, got an array of 1'],
])('refuses %o', (triggers, message) => {
  expect(() => afterFirst(...(triggers as Trigger[]))).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message }),
  )
})
