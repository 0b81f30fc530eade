import { describe, expect, test } from 'vitest'
import { session } from '../windows/session.ts'
import { everyProcessingTime } from './every-processing-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { momentAt } from './fixtures/moment-at.ts'

describe('fires when the clock reaches a multiple of the interval', () => {
  test('all windows and keys with something new together', async () => {
    await expectPanes(
      `
      in   a:1@1  !3  b:2@11  !4  !5                        !7  a:4@2  !9  !10          !15
      out                         a:[0,10)=1?&b:[10,20)=2?                 a:[0,10)=4?
      `,
      everyProcessingTime(5),
    )
  })

  test('the next one after an event at a multiple', async () => {
    await expectPanes(
      `
      in   !5  1@1  !9  !10        2@2  !14  !15
      out               [0,10)=1?            [0,10)=2?
      `,
      everyProcessingTime(5),
    )
  })

  test('once, when the clock leaps over several', async () => {
    await expectPanes(
      `
      in   1@1  !23        2@2  !25
      out       [0,10)=1?       [0,10)=2?
      `,
      everyProcessingTime(5),
    )
  })

  test('and not at completion; it never finishes', async () => {
    await expectPanes(
      `
      in   1@1  ~10  !5         2@2  !10        4@4  ~20        !15
      out            [0,10)=1!       [0,10)=2!       [0,10)=4!
      `,
      everyProcessingTime(5),
    )
  })
})

test('of windows that merge the earlier deadline stays', async () => {
  await expectPanes(
    `
    in   1@0  !5         2@15  !7  4@8  !10        !15
    out       [0,10)=1?                 [0,25)=6?
    `,
    everyProcessingTime(5),
    { windows: session(10) },
  )
})

test('has a deadline while something is new', () => {
  const trigger = everyProcessingTime(5)
  const state = trigger.create()
  expect(trigger.deadline?.(state, momentAt())).toBe(Infinity)
  trigger.onEvent(state, 1, momentAt({ now: -3 }))
  trigger.onEvent(state, 1, momentAt({ now: 4 }))
  expect(trigger.deadline?.(state, momentAt())).toBe(0)
  expect(trigger.onFire(state, momentAt())).toBe(false)
  expect(trigger.deadline?.(state, momentAt())).toBe(Infinity)
})

test('says when it fires and finishes', () => {
  expect(everyProcessingTime('1m')).toMatchObject({
    name: 'everyProcessingTime(1m)',
    fires: 'any-time',
    finishes: 'never',
  })
})

test.each([
  [0, 'invalid-argument', 'everyProcessingTime: interval must be > 0, got 0'],
  [
    0.5,
    'invalid-duration',
    "everyProcessingTime: interval: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 0.5",
  ],
])('refuses %s', (interval, code, message) => {
  expect(() => everyProcessingTime(interval)).toThrow(expect.objectContaining({ code, message }))
})
