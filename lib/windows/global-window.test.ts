import { expect, test } from 'vitest'
import { window } from '../../operators/window.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { sum } from '../aggregates/sum.ts'
import type { Event } from '../element.ts'
import type { Trigger } from '../trigger.ts'
import { afterCount } from '../triggers/after-count.ts'
import { afterProcessingTime } from '../triggers/after-processing-time.ts'
import { everyEventTime } from '../triggers/every-event-time.ts'
import { once } from '../triggers/once.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import { sideOutput } from '../wiring/side-output.ts'
import { globalWindow } from './global-window.ts'

/** Runs a diagram through sums of all time, and expects it to come out as drawn. */
async function expectSums(diagram: string, trigger?: Trigger): Promise<void> {
  const closed = sideOutput<Event<number, string, undefined>>('closed')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(window(globalWindow(), sum(), { ...(trigger && { trigger }), closed })),
    closed,
  }))
  expect(actual).toBe(expected)
}

test('is one window of all time', () => {
  const { name, assign, series } = globalWindow()
  const all = { start: -Infinity, end: Infinity }
  expect(name).toBe('globalWindow()')
  expect(assign(0)).toEqual([all])
  expect(assign(-8.64e15)).toBe(assign(8.64e15))
  expect(series.window(0)).toEqual(all)
  expect(series.slice(7)).toEqual({ ...all, first: 0, last: 0 })
})

test('is complete at the end, with the time of the latest event', async () => {
  await expectSums(`
    in   a:1@7  b:2@3  a:4@2  ~100  b:8@1  |
    out                                    a:[-inf,inf)=5@7&b:[-inf,inf)=10@3
  `)
})

test('gives what a trigger lets out before, at the time of the latest event so far', async () => {
  await expectSums(
    `
    in   1@7  2@3              4@2  8@9               |
    out       [-inf,inf)=3@7?       [-inf,inf)=15@9?
    `,
    repeatedly(afterCount(2)),
  )
})

test('by the clock', async () => {
  await expectSums(
    `
    in   1@7  !5               2@8  |
    out       [-inf,inf)=1@7?       [-inf,inf)=3@8
    `,
    repeatedly(afterProcessingTime(5)),
  )
})

test('by the watermark', async () => {
  await expectSums(
    `
    in   1@7  ~9  ~10              2@8  ~15              |
    out           [-inf,inf)=1@7?       [-inf,inf)=3@8?  [-inf,inf)=3@8
    `,
    everyEventTime(5),
  )
})

test('is closed by a trigger that finishes', async () => {
  await expectSums(
    `
    in      1@7  2@3              4@9     |
    out          [-inf,inf)=3@7?
    closed                        L(4@9)
    `,
    once(afterCount(2)),
  )
})
