import { describe, expect, test } from 'vitest'
import { collect } from '../lib/aggregates/collect.ts'
import { fold } from '../lib/aggregates/fold.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { afterCount } from '../lib/triggers/after-count.ts'
import { afterWatermark } from '../lib/triggers/after-watermark.ts'
import { repeatedly } from '../lib/triggers/repeatedly.ts'
import type { CountWindows, SlidingWindows, WindowAssigner } from '../lib/window.ts'
import { countWindow } from '../lib/windows/count-window.ts'
import { session } from '../lib/windows/session.ts'
import { sliding } from '../lib/windows/sliding.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { window, type WindowOptions } from './index.ts'

describe('window refuses, as soon as it is built,', () => {
  const expected = "expected a whole number of milliseconds or a text like '90s' or '1h30m'"

  test.each<[unknown, string, string]>([
    [-1, 'invalid-argument', 'window: allowedLateness must be >= 0, got -1'],
    ['-1s', 'invalid-argument', "window: allowedLateness must be >= 0, got '-1s'"],
    [0.5, 'invalid-duration', `window: allowedLateness: ${expected}, got 0.5`],
    ['soon', 'invalid-duration', `window: allowedLateness: ${expected}, got 'soon'`],
    [Infinity, 'invalid-duration', `window: allowedLateness: ${expected}, got Infinity`],
  ])('a lateness of %s', (allowedLateness, code, message) => {
    expect(() => window(tumbling(10), sum(), { allowedLateness: allowedLateness as number })).toThrow(
      expect.objectContaining({ code, message }),
    )
  })

  test.each<[object, string]>([
    [
      { accumulation: 'all' },
      "window: accumulation must be one of 'discarding', 'accumulating', 'retracting', got 'all'",
    ],
    [{ onTime: true }, "window: onTime must be one of 'always', 'if-non-empty', got true"],
    [{ closing: 'never' }, "window: closing must be one of 'always', 'if-non-empty', got 'never'"],
    [{ trigger: 5 }, 'window: trigger: expected a trigger, got 5'],
    [{ trigger: afterCount }, 'window: trigger: expected a trigger, got a function'],
    [
      { trigger: afterCount(5) },
      'window: afterCount(5) may finish before its window has expired, and what comes later would be lost; ' +
        'write repeatedly(afterCount(5)) to fire again, or once(afterCount(5)) to refuse what comes later',
    ],
    [
      { trigger: afterWatermark(), allowedLateness: '1m' },
      'window: afterWatermark() finishes when the watermark completes its window, and what comes in the allowed lateness ' +
        'of 1m would be lost; write afterWatermark({ late: afterCount(1) }) to fire for it, or once(afterWatermark()) to ' +
        'refuse it',
    ],
  ])('options of %o', (options, message) => {
    expect(() => window(tumbling(10), sum(), options)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message }),
    )
  })

  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    ['1h', "'1h'"],
    [{}, 'an object'],
    [tumbling, 'a function'],
  ])('windows that are %o', (windows, shown) => {
    expect(() => window(windows as WindowAssigner, sum())).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `window: expected windows such as tumbling('1h'), got ${shown}`,
      }),
    )
  })

  test.each([undefined, null, 5, 'sum', () => 5])('an aggregate that is %s', (aggregate) => {
    expect(() => window(tumbling(10), aggregate as unknown as ReturnType<typeof sum>)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })

  test.each<[WindowAssigner | SlidingWindows | CountWindows, string]>([
    [session('30m'), 'session(30m)'],
    [sliding('10m'), 'sliding(10m)'],
    [countWindow(10, 5), 'countWindow(10, 5)'],
    [{ name: 'mine', assign: () => [], merges: () => true }, 'mine'],
  ])('windows whose parts are put together, for an aggregate that can not: %#', (windows, name) => {
    const odd = fold({ create: () => 0, add: (total: number, n: number) => total + n })
    expect(() => window(windows, odd)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `window: ${name} needs an aggregate that can merge, got fold without 'merge'`,
      }),
    )
    expect(() => window(countWindow(10), odd)).not.toThrow()
  })

  test.each<[WindowOptions<number, string, undefined>]>([
    [{ trigger: repeatedly(afterCount(1)) }],
    [{ allowedLateness: 1 }],
  ])('for windows of events, what has to do with time: %o', (options) => {
    expect(() => window(countWindow(10), collect(), options)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: 'window: countWindow(10) fires by count, and takes no trigger and no allowedLateness',
      }),
    )
  })
})
