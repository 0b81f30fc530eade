import { describe, expect, test } from 'vitest'
import { window } from '../../operators/window.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { sum } from '../aggregates/sum.ts'
import type { Event } from '../element.ts'
import type { Trigger } from '../trigger.ts'
import { afterCount } from '../triggers/after-count.ts'
import { once } from '../triggers/once.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import type { Accumulation } from '../window.ts'
import { sideOutput } from '../wiring/side-output.ts'
import { sliding } from './sliding.ts'

interface Options {
  readonly allowedLateness?: number
  readonly accumulation?: Accumulation
  readonly trigger?: Trigger
}

/** Runs a diagram through sums by sliding windows of events within 5, and expects it to come out as drawn. */
async function expectSums(diagram: string, options: Options = {}): Promise<void> {
  const late = sideOutput<Event<number, string, undefined>>('late')
  const closed = sideOutput<Event<number, string, undefined>>('closed')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(window(sliding(5), sum(), { ...options, late, closed })),
    late,
    closed,
  }))
  expect(actual).toBe(expected)
}

describe('windows of all events within 5 of each other', () => {
  test('end with an event', async () => {
    await expectSums(`
      in   1@10  ~10  ~11       |
      out             [5,11)=1
    `)
  })

  test('start right after one, if another follows', async () => {
    // 10 and 15 are together in [10,16); 15 is alone in [11,17).
    await expectSums(`
      in   1@10  2@15  |
      out              [5,11)=1&[10,16)=3&[11,17)=2
    `)
  })

  test('do not hold those that are further apart', async () => {
    await expectSums(`
      in   1@10  2@16  |
      out              [5,11)=1&[11,17)=2
    `)
  })

  test('are the same whichever event comes first', async () => {
    await expectSums(`
      in   2@15  1@10  |
      out              [5,11)=1&[10,16)=3&[11,17)=2
    `)
  })

  test('are each there once', async () => {
    // [11,17) starts right after 10, and ends with 16.
    await expectSums(`
      in   1@10  2@16  4@12  |
      out                    [5,11)=1&[7,13)=5&[11,17)=6&[13,19)=2
    `)
  })

  test('count events of one instant together', async () => {
    await expectSums(`
      in   1@10  2@10  |
      out              [5,11)=3
    `)
  })

  test('are a matter of each key', async () => {
    await expectSums(`
      in   a:1@10  b:2@12  |
      out                  a:[5,11)=1&b:[7,13)=2
    `)
  })

  test('may lie before the epoch', async () => {
    await expectSums(`
      in   1@-3  2@1  |
      out             [-8,-2)=1&[-4,2)=3&[-2,4)=2
    `)
  })
})

describe('a late event', () => {
  test('is in the windows that have not expired, also in those it makes', async () => {
    await expectSums(`
      in   1@10  2@15  ~16                 4@13  |
      out              [5,11)=1&[10,16)=3        [11,17)=6&[14,20)=2
    `)
  })

  test('is late when no window can hold it any more', async () => {
    await expectSums(`
      in    1@10  ~16       2@10     4@11  |
      out         [5,11)=1
      late                  L(2@10)        L(4@11)
    `)
  })

  test('refines what is kept', async () => {
    await expectSums(
      `
      in   1@10  ~11       2@9                  |
      out        [5,11)=1  [5,11)=3!&[4,10)=2!  [10,16)=1
      `,
      { allowedLateness: 5 },
    )
  })

  test('takes back what it refines', async () => {
    await expectSums(
      `
      in   1@10  ~11       2@10
      out        [5,11)=1  -[5,11)=1&[5,11)=3!
      `,
      { allowedLateness: 5, accumulation: 'retracting' },
    )
  })
})

test('lets a trigger see the events that were there before the window', async () => {
  await expectSums(
    `
    in   1@10  2@10       4@12       8@12         |
    out        [5,11)=3?  [7,13)=7?  [11,17)=12?  [7,13)=15
    `,
    { trigger: repeatedly(afterCount(2)), allowedLateness: 5 },
  )
})

test('refuses an event whose windows are all closed', async () => {
  await expectSums(
    `
    in      1@10       2@10     4@12                  |
    out     [5,11)=1?           [7,13)=5?&[11,17)=4?
    closed             L(2@10)
    `,
    { trigger: once(afterCount(1)) },
  )
})

test('has a name', () => {
  expect(sliding('10m')).toEqual({ kind: 'sliding', name: 'sliding(10m)', reach: 600_000 })
})

test.each([
  [0, 'invalid-argument', 'sliding: reach must be > 0, got 0'],
  ['-1s', 'invalid-argument', "sliding: reach must be > 0, got '-1s'"],
  [1e14 + 1, 'invalid-argument', 'sliding: reach must be <= 100000000000000 ms, got 100000000000001'],
  [
    'far',
    'invalid-duration',
    "sliding: reach: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'far'",
  ],
])('refuses %s', (reach, code, message) => {
  expect(() => sliding(reach)).toThrow(expect.objectContaining({ code, message }))
})
