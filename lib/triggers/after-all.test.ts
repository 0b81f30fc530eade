import { expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { session } from '../windows/session.ts'
import { afterAll } from './after-all.ts'
import { afterCount } from './after-count.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { afterWatermark } from './after-watermark.ts'
import { everyEventTime } from './every-event-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { never } from './never.ts'
import { once } from './once.ts'
import { repeatedly } from './repeatedly.ts'

test('fires when all would together, whichever is last', async () => {
  await expectPanes(
    `
    in   1@1  2@2  !4  !5         4@3  !9  !10  8@4         16@5  32@6  !15
    out                [0,10)=3?                [0,10)=12?              [0,10)=48?
    `,
    repeatedly(afterAll(afterCount(2), afterProcessingTime(5))),
  )
})

test('is finished when it has fired', async () => {
  await expectPanes(
    `
    in      1@1  !5  2@2        4@3
    out              [0,10)=3?
    closed                      L(4@3)
    `,
    once(afterAll(afterCount(2), afterProcessingTime(5))),
  )
})

test('waits for the latest of several deadlines of the clock', async () => {
  await expectPanes(
    `
    in   1@1  !3  !5  !7
    out               [0,10)=1?
    `,
    repeatedly(afterAll(afterProcessingTime(3), afterProcessingTime(7), afterProcessingTime(5))),
  )
})

test.each([
  [
    'the watermark comes last',
    `
    in   1@1  !3  ~4  ~5
    out               [0,10)=1?
    `,
  ],
  [
    'the clock comes last',
    `
    in   1@1  ~5  !2  !3
    out               [0,10)=1?
    `,
  ],
])('waits for clock and watermark: %s', async (_, diagram) => {
  await expectPanes(diagram, repeatedly(afterAll(everyEventTime(5), afterProcessingTime(3))))
})

test('with completion: not before, and as often as the others would after', async () => {
  await expectPanes(
    `
    in   1@1  2@2  4@3  ~10       8@4  16@5        32@6  ~20
    out                 [0,10)=7       [0,10)=24!        [0,10)=32!
    `,
    repeatedly(afterAll(afterCount(2), afterWatermark())),
  )
})

test('leaves out the on-time pane if it would not fire at completion', async () => {
  await expectPanes(
    `
    in   1@1  ~10  2@2
    out            [0,10)=3!
    `,
    repeatedly(afterAll(afterCount(2), afterWatermark())),
  )
})

test('of windows that merge each part merges with its like', async () => {
  await expectPanes(
    `
    in   1@0  !3  2@15  !5  4@8
    out                     [0,25)=7?
    `,
    repeatedly(afterAll(afterCount(3), afterProcessingTime(5))),
    { windows: session(10) },
  )
})

test('has a name', () => {
  expect(afterAll(afterCount(2), never()).name).toBe('afterAll(afterCount(2), never())')
})

test.each<[unknown[], string]>([
  [[], 'afterAll: expected at least one trigger, got none'],
  [[null], 'afterAll: expected a trigger, got null'],
])('refuses %o', (triggers, message) => {
  expect(() => afterAll(...(triggers as Trigger[]))).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message }),
  )
})
