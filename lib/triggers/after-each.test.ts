import { describe, expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { session } from '../windows/session.ts'
import { afterCount } from './after-count.ts'
import { afterEach } from './after-each.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { afterWatermark } from './after-watermark.ts'
import { everyEventTime } from './every-event-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { never } from './never.ts'
import { once } from './once.ts'
import { repeatedly } from './repeatedly.ts'

describe('fires as the next when one is finished', () => {
  test('and that starts with nothing', async () => {
    await expectPanes(
      `
      in   1@1        2@2  4@3        8@4  ~10  16@5
      out  [0,10)=1?       [0,10)=6?            [0,10)=24!
      `,
      afterEach(afterCount(1), repeatedly(afterCount(2))),
    )
  })

  test('which may wait for the clock', async () => {
    await expectPanes(
      `
      in   !1  1@1        !3  2@2  !6  !7  !8
      out      [0,10)=1?                   [0,10)=2?
      `,
      afterEach(afterCount(1), repeatedly(afterProcessingTime(5))),
    )
  })

  test('which may wait for the watermark', async () => {
    await expectPanes(
      `
      in   1@1        2@2  ~3         ~10       4@4
      out  [0,10)=1?       [0,10)=2?  [0,10)=0  [0,10)=4!
      `,
      afterEach(afterCount(1), everyEventTime(3)),
    )
  })

  test('at completion', async () => {
    await expectPanes(
      `
      in   1@1  ~10       2@2  4@3
      out       [0,10)=1       [0,10)=6!
      `,
      afterEach(afterWatermark(), repeatedly(afterCount(2))),
    )
  })

  test('but at most once for one event', async () => {
    await expectPanes(
      `
      in   1@1        2@2        4@3  8@4
      out  [0,10)=1?  [0,10)=2?       [0,10)=12?
      `,
      afterEach(afterCount(1), afterCount(1), repeatedly(afterCount(2))),
    )
  })
})

test('is finished after the last', async () => {
  await expectPanes(
    `
    in      1@1        2@2  4@3        8@4
    out     [0,10)=1?       [0,10)=6?
    closed                             L(8@4)
    `,
    once(afterEach(afterCount(1), afterCount(2))),
  )
})

describe('when windows merge', () => {
  const windows = session(10)

  test('the stage that is further behind goes on', async () => {
    await expectPanes(
      `
      in   1@0  2@1  4@2        8@18  16@9  32@10       64@11
      out            [0,12)=7?              [0,28)=56?  [0,28)=64?
      `,
      afterEach(afterCount(3), repeatedly(afterCount(1))),
      { windows },
    )
  })

  test('also if that is the one that starts first', async () => {
    await expectPanes(
      `
      in   8@0  1@18  2@19  4@20        16@9  32@10       64@11
      out                   [18,30)=7?        [0,30)=56?  [0,30)=64?
      `,
      afterEach(afterCount(3), repeatedly(afterCount(1))),
      { windows },
    )
  })

  test('two at one stage merge there', async () => {
    await expectPanes(
      `
      in   1@0        2@15        4@1  8@16  16@8
      out  [0,10)=1?  [15,25)=2?             [0,26)=28?
      `,
      afterEach(afterCount(1), repeatedly(afterCount(3))),
      { windows },
    )
  })

  test('one that was complete and has grown stays at its stage, which waits for completion once more', async () => {
    await expectPanes(
      `
      in   1@0        ~10       2@5  ~14  ~15
      out  [0,10)=1?  [0,10)=0            [0,15)=2
      `,
      afterEach(afterCount(1), afterWatermark({ late: never() })),
      { windows, allowedLateness: 20 },
    )
  })
})

test('has a name', () => {
  expect(afterEach(afterCount(2), never()).name).toBe('afterEach(afterCount(2), never())')
})

test.each<[unknown[], string]>([
  [[], 'afterEach: expected at least one trigger, got none'],
  [[afterCount(1), 'x'], "afterEach: expected a trigger, got 'x'"],
])('refuses %o', (triggers, message) => {
  expect(() => afterEach(...(triggers as Trigger[]))).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message }),
  )
})
