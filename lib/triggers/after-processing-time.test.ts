import { describe, expect, test } from 'vitest'
import { session } from '../windows/session.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { momentAt } from './fixtures/moment-at.ts'
import { once } from './once.ts'
import { repeatedly } from './repeatedly.ts'

describe('fires when the clock reaches the delay', () => {
  test('after the first event of a pane, not 1 ms before', async () => {
    await expectPanes(
      `
      in   !3  1@1  !7  2@2  !8         !20  4@3  !24  !25        !99
      out                    [0,10)=3?                 [0,10)=4?
      `,
      repeatedly(afterProcessingTime(5)),
    )
  })

  test('of each window and key for itself', async () => {
    await expectPanes(
      `
      in   a:1@1  !1  b:2@2  !2  a:4@11  !5           !6           !7
      out                                a:[0,10)=1?  b:[0,10)=2?  a:[10,20)=4?
      `,
      repeatedly(afterProcessingTime(5)),
    )
  })

  test('once, when the clock leaps beyond several', async () => {
    await expectPanes(
      `
      in   1@1  !50        !99
      out       [0,10)=1?
      `,
      repeatedly(afterProcessingTime(5)),
    )
  })

  test('whatever the watermark does', async () => {
    await expectPanes(
      `
      in   1@1  ~10  2@2  !5         4@4  ~20        !99
      out                 [0,10)=3!       [0,10)=4!
      `,
      repeatedly(afterProcessingTime(5)),
    )
  })

  test('and is then finished', async () => {
    await expectPanes(
      `
      in      1@1  !5         2@2     ~20  |
      out          [0,10)=1?
      closed                  L(2@2)
      `,
      once(afterProcessingTime(5)),
    )
  })
})

test('of windows that merge the earlier deadline stays', async () => {
  await expectPanes(
    `
    in   1@0  !3  2@15  !4  4@8  !5         !8  !9  ~100
    out                          [0,25)=7?
    `,
    repeatedly(afterProcessingTime(5)),
    { windows: session(10), onTime: 'if-non-empty' },
  )
})

test('whichever of them goes into the other', () => {
  const trigger = afterProcessingTime(5)
  const early = trigger.create()
  const late = trigger.create()
  trigger.onEvent(early, 0, momentAt({ now: 1 }))
  trigger.onEvent(late, 0, momentAt({ now: 3 }))
  trigger.merge(late, early, momentAt())
  trigger.merge(early, trigger.create(), momentAt())
  expect([trigger.deadline?.(late, momentAt()), trigger.deadline?.(early, momentAt())]).toEqual([6, 6])
})

test('says when it fires and finishes', () => {
  expect(afterProcessingTime('90s')).toMatchObject({
    name: 'afterProcessingTime(1m30s)',
    fires: 'any-time',
    finishes: 'any-time',
  })
})

test.each([
  [0, 'invalid-argument', 'afterProcessingTime: delay must be > 0, got 0'],
  ['-1s', 'invalid-argument', "afterProcessingTime: delay must be > 0, got '-1s'"],
  [
    'soon',
    'invalid-duration',
    "afterProcessingTime: delay: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'soon'",
  ],
])('refuses %s', (delay, code, message) => {
  expect(() => afterProcessingTime(delay)).toThrow(expect.objectContaining({ code, message }))
})
