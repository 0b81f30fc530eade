import { describe, expect, test } from 'vitest'
import { session } from '../windows/session.ts'
import { afterCount } from './after-count.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { momentAt } from './fixtures/moment-at.ts'
import { once } from './once.ts'
import { repeatedly } from './repeatedly.ts'

describe('fires with the last of so many events', () => {
  test('of the window, before and after completion', async () => {
    await expectPanes(
      `
      in   1@1  2@2        4@3  ~10  8@4         16@5  ~20         |
      out       [0,10)=3?            [0,10)=12!        [0,10)=16!
      `,
      repeatedly(afterCount(2)),
    )
  })

  test('of each window and key for itself', async () => {
    await expectPanes(
      `
      in   a:1@1  b:2@2  a:4@11  a:8@3        b:16@12  b:32@4
      out                        a:[0,10)=9?           b:[0,10)=34?
      `,
      repeatedly(afterCount(2)),
    )
  })

  test('each one, when that is one', async () => {
    await expectPanes(
      `
      in   1@1        2@2        ~10  4@4
      out  [0,10)=1?  [0,10)=2?       [0,10)=4!
      `,
      repeatedly(afterCount(1)),
    )
  })

  test('and is then finished', async () => {
    await expectPanes(
      `
      in      1@1  2@2        4@3     ~20  |
      out          [0,10)=3?
      closed                  L(4@3)
      `,
      once(afterCount(2)),
    )
  })
})

test('what was taken back counts as one more event', () => {
  const trigger = afterCount(2)
  const state = trigger.create()
  trigger.onEvent(state, 1, momentAt())
  expect(trigger.shouldFire(state, momentAt())).toBe(false)
  trigger.onEvent(state, 1, momentAt())
  expect(trigger.shouldFire(state, momentAt())).toBe(true)
  expect(trigger.onFire(state, momentAt())).toBe(true)
})

test('counts of windows that merge add up', async () => {
  // 8 is in [8,18), between [0,10) and [15,25).
  await expectPanes(
    `
    in   1@0  2@15  4@8        8@9  ~100
    out             [0,25)=7?       [0,25)=8
    `,
    repeatedly(afterCount(3)),
    { windows: session(10) },
  )
})

test.each([
  [1, 'afterCount(1)'],
  [1_000, 'afterCount(1000)'],
])('of %d says when it fires and finishes', (count, name) => {
  expect(afterCount(count)).toMatchObject({ name, fires: 'any-time', finishes: 'any-time' })
})

test.each<[unknown, string]>([
  [0, '0'],
  [-1, '-1'],
  [1.5, '1.5'],
  [Number.NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [2 ** 53, '9007199254740992'],
  ['2', "'2'"],
  [undefined, 'undefined'],
])('refuses %s', (count, shown) => {
  expect(() => afterCount(count as number)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `afterCount: count must be a whole number > 0, got ${shown}`,
    }),
  )
})
