import { describe, expect, test } from 'vitest'
import { session } from '../windows/session.ts'
import { everyEventTime } from './every-event-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { momentAt } from './fixtures/moment-at.ts'

describe('fires', () => {
  test('when the watermark reaches the next multiple after the first event, at completion, and then for every event', async () => {
    await expectPanes(
      `
      in   1@1  ~2  ~3         ~6  2@7  ~8  ~9         4@9  ~10       8@1        ~20
      out           [0,10)=1?               [0,10)=2?       [0,10)=4  [0,10)=8!
      `,
      everyEventTime(3),
    )
  })

  test('at multiples since which something has come, also behind the watermark', async () => {
    await expectPanes(
      `
      in   1@1  ~4         2@2  ~5  ~6         ~9  ~10
      out       [0,10)=1?           [0,10)=2?      [0,10)=0
      `,
      everyEventTime(3),
    )
  })

  test('not before the first event: a multiple after that is the first', async () => {
    await expectPanes(
      `
      in   1@7  ~6  ~8  ~9
      out               [0,10)=1?
      `,
      everyEventTime(3),
    )
  })

  test('once, when the watermark leaps over several', async () => {
    await expectPanes(
      `
      in   1@1  2@11  ~9         ~50
      out             [0,10)=1?  [0,10)=0&[10,20)=2
      `,
      everyEventTime(3),
    )
  })

  test('windows in the order in which they are due, those that complete first', async () => {
    await expectPanes(
      `
      in   a:1@12  b:2@11  a:4@1  b:8@16  ~15
      out                                 a:[0,10)=4&b:[10,20)=10?&a:[10,20)=1?
      `,
      everyEventTime(3),
    )
  })

  test('before the epoch', async () => {
    await expectPanes(
      `
      in   1@-9  ~-7  ~-6         ~0
      out             [-10,0)=1?  [-10,0)=0
      `,
      everyEventTime(3),
    )
  })
})

test('of windows that merge the earlier deadline stays', async () => {
  await expectPanes(
    `
    in   1@0  2@15  4@8  ~2  ~3         ~17  ~18  ~25
    out                      [0,25)=7?            [0,25)=0
    `,
    everyEventTime(3),
    { windows: session(10) },
  )
})

test('of a merged window that has fired the next multiple after the watermark is next', () => {
  const trigger = everyEventTime(3)
  const into = trigger.create()
  const from = trigger.create()
  trigger.onEvent(from, 1, momentAt())
  expect(trigger.onFire(from, momentAt({ watermark: 3 }))).toBe(false)
  trigger.merge(into, from, momentAt({ watermark: 3 }))
  trigger.onEvent(into, 8, momentAt({ watermark: 3 }))
  expect(trigger.watermarkDeadline?.(into, momentAt({ watermark: 3 }))).toBe(6)
})

test('says when it fires and finishes', () => {
  expect(everyEventTime('1h')).toMatchObject({ name: 'everyEventTime(1h)', fires: 'any-time', finishes: 'never' })
})

test.each([
  ['0s', 'invalid-argument', "everyEventTime: interval must be > 0, got '0s'"],
  [
    'x',
    'invalid-duration',
    "everyEventTime: interval: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'x'",
  ],
])('refuses %s', (interval, code, message) => {
  expect(() => everyEventTime(interval)).toThrow(expect.objectContaining({ code, message }))
})
