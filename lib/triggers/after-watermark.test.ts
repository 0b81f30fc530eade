import { describe, expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { session } from '../windows/session.ts'
import { afterCount } from './after-count.ts'
import { afterProcessingTime } from './after-processing-time.ts'
import { afterWatermark } from './after-watermark.ts'
import { everyEventTime } from './every-event-time.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { completed, momentAt } from './fixtures/moment-at.ts'
import { once } from './once.ts'

describe('fires at completion', () => {
  test('and is then finished', async () => {
    await expectPanes(
      `
      in      1@1  ~9  ~10       2@2     ~20  |
      out              [0,10)=1
      closed                     L(2@2)
      `,
      once(afterWatermark()),
    )
  })

  test('or never again, if the late trigger does not fire', async () => {
    await expectPanes(
      `
      in   1@1  ~10       2@2  ~20
      out       [0,10)=1       [0,10)=2!
      `,
      afterWatermark({ late: afterCount(2) }),
    )
  })

  test('at once in a window that was complete before its first event', async () => {
    await expectPanes(
      `
      in   ~10  1@1        2@2  4@3
      out       [0,10)=1!       [0,10)=6!
      `,
      afterWatermark({ late: afterCount(2) }),
    )
  })
})

describe('fires again and again', () => {
  test('as early before completion, and as late after, which starts with nothing', async () => {
    await expectPanes(
      `
      in   1@1  2@2        4@3  8@4         16@5  ~10        32@6  64@7        ~20
      out       [0,10)=3?       [0,10)=12?        [0,10)=16        [0,10)=96!
      `,
      afterWatermark({ early: afterCount(2), late: afterCount(2) }),
    )
  })

  test('as early alone, and is finished at completion', async () => {
    await expectPanes(
      `
      in      1@1  !5         2@2  ~10       !10  4@4
      out          [0,10)=1?       [0,10)=2
      closed                                      L(4@4)
      `,
      once(afterWatermark({ early: afterProcessingTime(5) })),
    )
  })

  test('as late by the clock', async () => {
    await expectPanes(
      `
      in   1@1  ~10       !3  2@2  4@3  !8         ~20
      out       [0,10)=1                [0,10)=6!
      `,
      afterWatermark({ late: afterProcessingTime(5) }),
    )
  })

  test('as early by the watermark', async () => {
    await expectPanes(
      `
      in   1@1  ~3         2@5  ~6         ~10       4@4  ~20
      out       [0,10)=1?       [0,10)=2?  [0,10)=0       [0,10)=4!
      `,
      afterWatermark({ early: everyEventTime(3), late: afterCount(2) }),
    )
  })
})

describe('when windows merge', () => {
  const trigger = afterWatermark({ early: afterCount(2), late: afterCount(1) })

  test('waits once more for the completion of one that has grown', async () => {
    await expectPanes(
      `
      in   1@0  ~10       2@5  4@6        ~15  ~16       8@3
      out       [0,10)=1       [0,16)=6?       [0,16)=0  [0,16)=8!
      `,
      trigger,
      { windows: session(10), allowedLateness: 20 },
    )
  })

  test('forgets what a part that has fired had counted since', async () => {
    // Of [0,10), complete, one of the two for another late pane had come.
    await expectPanes(
      `
      in   1@0  2@15  ~10       4@0  8@8  16@14
      out             [0,10)=1            [0,25)=30?
      `,
      afterWatermark({ early: afterCount(3), late: afterCount(2) }),
      { windows: session(10), allowedLateness: 20 },
    )
  })

  test('keeps firing as late where the merged window is complete', async () => {
    await expectPanes(
      `
      in   1@0  2@15  ~30                 4@8        8@9
      out             [0,10)=1&[15,25)=2  [0,25)=4!  [0,25)=8!
      `,
      trigger,
      { windows: session(10), allowedLateness: 30 },
    )
  })

  test.each<[string, number, boolean, boolean, boolean]>([
    // [what, early events it has counted then, is the merged one complete, has `into` fired, has `from`]
    ['neither has fired: counts add up', 2, false, false, false],
    ['one has fired: it contributes nothing', 1, false, true, false],
    ['the other has: the same', 1, false, false, true],
    ['both have: early starts anew', 0, false, true, true],
  ])('into one that is not complete, and %s', (_, counted, isComplete, hasInto, hasFrom) => {
    const context = momentAt({ isComplete })
    const into = stateOf(trigger, hasInto)
    trigger.merge(into, stateOf(trigger, hasFrom), context)
    // One event less than it takes.
    for (let missing = 2 - counted; missing > 0; missing--) {
      expect(trigger.shouldFire(into, context)).toBe(false)
      trigger.onEvent(into, 1, context)
    }
    expect(trigger.shouldFire(into, context)).toBe(true)
    expect(trigger.onFire(into, context)).toBe(false)
    // It still waits for completion.
    expect(trigger.shouldFire(into, completed)).toBe(true)
  })

  test.each<[string, boolean, boolean, boolean]>([
    ['both have fired: there is nothing to say', false, true, true],
    ['one has not: it fires for that', true, true, false],
    ['the other has not: the same', true, false, true],
  ])('into one that is complete, and %s', (_, fires, hasInto, hasFrom) => {
    const into = stateOf(trigger, hasInto)
    trigger.merge(into, stateOf(trigger, hasFrom), completed)
    expect(trigger.shouldFire(into, completed)).toBe(fires)
  })
})

/** With one event counted, since it has fired for the completion if it has. */
function stateOf<S>(trigger: Trigger<S>, hasFired: boolean): S {
  const state = trigger.create()
  trigger.onEvent(state, 1, momentAt())
  if (hasFired) trigger.onFire(state, completed)
  return state
}

test.each([
  [afterWatermark(), 'afterWatermark()'],
  [afterWatermark({}), 'afterWatermark()'],
  [afterWatermark({ early: afterCount(2) }), 'afterWatermark({ early: afterCount(2) })'],
  [afterWatermark({ late: afterCount(1) }), 'afterWatermark({ late: afterCount(1) })'],
  [
    afterWatermark({ late: afterCount(1), early: everyEventTime('1m') }),
    'afterWatermark({ early: everyEventTime(1m), late: afterCount(1) })',
  ],
])('has a name: %#', ({ name }, expected) => {
  expect(name).toBe(expected)
})

test.each<[object, string]>([
  [{ early: 'soon' }, "afterWatermark: early: expected a trigger, got 'soon'"],
  [{ late: 5 }, 'afterWatermark: late: expected a trigger, got 5'],
  [{ late: afterCount }, 'afterWatermark: late: expected a trigger, got a function'],
])('refuses %o', (around, message) => {
  expect(() => afterWatermark(around)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
})
