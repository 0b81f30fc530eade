import { expect, test } from 'vitest'
import { defaultTrigger, isDefault } from './default-trigger.ts'
import { expectPanes } from './fixtures/expect-panes.ts'
import { never } from './never.ts'
import { repeatedly } from './repeatedly.ts'

// What asks the trigger, and what does without because it knows the answers.
test.each([defaultTrigger(), repeatedly(defaultTrigger())])(
  '$name fires at completion, and then for every event',
  async (trigger) => {
    await expectPanes(
      `
      in   1@1  2@2  ~9  ~10       4@4        8@8        ~20  |
      out                [0,10)=3  [0,10)=4!  [0,10)=8!
      `,
      trigger,
    )
  },
)

test.each([defaultTrigger(), repeatedly(defaultTrigger())])(
  '$name fires at once in a window that was complete before its first event',
  async (trigger) => {
    await expectPanes(
      `
      in   ~10  1@1        2@2        ~20  |
      out       [0,10)=1!  [0,10)=2!
      `,
      trigger,
    )
  },
)

test('says when it fires and finishes', () => {
  expect(defaultTrigger()).toMatchObject({ name: 'defaultTrigger()', fires: 'completion', finishes: 'never' })
})

test('is told from others, and is what stands where there is none', () => {
  expect([isDefault(undefined), isDefault(defaultTrigger()), isDefault(never())]).toEqual([true, true, false])
  expect(isDefault(repeatedly(defaultTrigger()))).toBe(false)
})
