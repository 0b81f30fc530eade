import { expect, test, vi } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { window } from '../../operators/window.ts'
import { sum } from '../aggregates/sum.ts'
import { event } from '../element.ts'
import { run } from '../run.ts'
import { everyEventTime } from '../triggers/every-event-time.ts'
import { session } from '../windows/session.ts'
import { tumbling } from '../windows/tumbling.ts'
import { Pane, Waiting } from './pane.ts'
import { WatermarkDeadlines } from './watermark-deadlines.ts'

type Asked = Pane<string, unknown, unknown>

function waitUntil(pane: Asked, watermark: number): Asked {
  if (pane.waiting !== undefined) pane.waiting.watermarkDeadline = watermark
  return pane
}

function paneOf(key: string, watermark: number, end = 100): Asked {
  const pane = new Pane<string, unknown, unknown>({ start: 0, end }, key, undefined, new Waiting(undefined))
  return waitUntil(pane, watermark)
}

function deadlinesOf(...panes: readonly Asked[]): WatermarkDeadlines<Asked> {
  const deadlines = new WatermarkDeadlines<Asked>()
  for (const pane of panes) deadlines.add(pane)
  return deadlines
}

function taken(deadlines: WatermarkDeadlines<Asked>, watermark: number): string[] {
  const keys: string[] = []
  for (let pane = deadlines.take(watermark); pane !== undefined; pane = deadlines.take(watermark)) keys.push(pane.key)
  return keys
}

test('gives panes in the order of their deadlines, and in that in which they began to wait', () => {
  const deadlines = deadlinesOf(paneOf('a', 9), paneOf('b', 3), paneOf('c', 7), paneOf('d', 3))
  expect(deadlines.due).toBe(3)
  expect(taken(deadlines, 2)).toEqual([])
  expect(taken(deadlines, 8)).toEqual(['b', 'd', 'c'])
  expect(deadlines.due).toBe(9)
  expect(taken(deadlines, 9)).toEqual(['a'])
  expect([deadlines.due, deadlines.take(Infinity)]).toEqual([Infinity, undefined])
})

test('a pane that has been given waits for nothing, until it is added again', () => {
  const pane = paneOf('a', 3)
  const deadlines = deadlinesOf(pane)
  expect(deadlines.take(3)).toBe(pane)
  expect(pane.waiting?.watermarkDeadline).toBe(Infinity)
  deadlines.add(waitUntil(pane, 6))
  expect(taken(deadlines, 6)).toEqual(['a'])
})

test('leaves out those that are over, complete, or wait for another watermark by then', () => {
  const over = paneOf('over', 3)
  const later = paneOf('later', 3)
  const deadlines = deadlinesOf(over, later, paneOf('complete', 3, 8), paneOf('there', 3, 9))
  over.isOver = true
  deadlines.add(waitUntil(later, 20))
  expect(taken(deadlines, 8)).toEqual(['there'])
  expect(taken(deadlines, 20)).toEqual(['later'])
})

test('gives a pane once that has waited for the same twice', () => {
  const pane = paneOf('a', 3)
  const deadlines = deadlinesOf(pane)
  deadlines.add(waitUntil(pane, 5))
  deadlines.add(waitUntil(pane, 3))
  expect(taken(deadlines, 10)).toEqual(['a'])
})

test.each([session(100), tumbling(100_000)])(
  'of $name: a window waits once, however often it grows',
  async (windows) => {
    const add = vi.spyOn(WatermarkDeadlines.prototype, 'add')
    const elements = Array.from({ length: 1_000 }, (_, n) => event(1, n * 10, 'a'))
    await run(fromIterable(elements).pipe(window(windows, sum(), { trigger: everyEventTime(1_000) })), () => {}).done
    expect(add).toHaveBeenCalledTimes(1)
  },
)
