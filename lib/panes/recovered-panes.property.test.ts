// Laws of windows that are recovered again and again, for each way in which they are kept:
// 1. What leaves is what leaves without, in the same order, late events too.
// 2. As much is held, and as many entries are kept.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Windows } from '../window.ts'
import { countWindow } from '../windows/count-window.ts'
import { hopping } from '../windows/hopping.ts'
import { session } from '../windows/session.ts'
import { sliding } from '../windows/sliding.ts'
import { tumbling } from '../windows/tumbling.ts'
import { Operator } from './fixtures/operator.ts'
import type { WindowSettings } from './window-settings.ts'

interface Case {
  readonly windows: Windows<number>
  readonly settings: Partial<WindowSettings<number, number>>
}

const late = { allowedLateness: 12, accumulation: 'retracting' } as const

const cases: Readonly<Record<string, Case>> = {
  tumbling: { windows: tumbling(10), settings: late },
  sessions: { windows: session(5), settings: late },
  'numbers of events': { windows: countWindow(4, 2), settings: {} },
  'around events': { windows: sliding(6), settings: { ...late, allowedLateness: 3 } },
  slices: { windows: hopping(15, 5), settings: late },
  'slices, without what is late': { windows: hopping(15, 5), settings: {} },
}

/** An event of a key at a time, a rise of the watermark, or a recovery. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 40 })) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 9 }) },
  { weight: 2, arbitrary: fc.constant('recover' as const) },
)

test.each(Object.entries(cases))('1, 2: %s', (_, { windows, settings }) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const whole = new Operator(windows, settings)
      let parts = new Operator(windows, settings)
      const left: unknown[] = []
      for (const each of [...steps, 'recover' as const, Infinity]) {
        if (each === 'recover') {
          left.push(...parts.whole)
          parts = parts.recovered()
        }
        for (const operator of [whole, parts]) {
          if (typeof each === 'number') operator.rise(Math.max(operator.watermark, 0) + each)
          else if (each !== 'recover') operator.give(...each)
        }
        expect([parts.machine.held?.(), parts.machine.entries?.()]).toEqual([
          whole.machine.held?.(),
          whole.machine.entries?.(),
        ])
      }
      expect([...left, ...parts.whole]).toEqual(whole.whole)
    }),
    { numRuns: 300 },
  )
})
