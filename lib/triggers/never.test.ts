import { expect, test } from 'vitest'
import { expectPanes } from './fixtures/expect-panes.ts'
import { never } from './never.ts'

test('lets all leave when the window expires', async () => {
  await expectPanes(
    `
    in   1@1  ~10  2@2  !5  ~19  ~20        |
    out                          [0,10)=3!
    `,
    never(),
  )
})

test('lets all leave on time where expiry is completion', async () => {
  await expectPanes(
    `
    in   1@1  ~9  2@2  ~10       4@11  |
    out                [0,10)=3        [10,20)=4
    `,
    never(),
    { allowedLateness: 0 },
  )
})

test('says when it fires and finishes', () => {
  expect(never()).toMatchObject({ name: 'never()', fires: 'never', finishes: 'never' })
})
