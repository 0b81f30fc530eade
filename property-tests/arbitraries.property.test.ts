// Laws of what is made for tests:
//
// 1. A changelog takes back what stands, and nothing else.
// 2. An interleaving has all elements, each list in its order; a chunking has all bytes.
// 3. A strategy without haste makes no event within the disorder late; one with haste does.
// 4. What is recorded stays the same events at the same times, none behind by more than the disorder; it shrinks to few of them.
// 5. Lines that are no noise are read by the parser of their format, with their time; noise is in between.
// 6. All of them shrink to what is plain.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combined, common, json, logfmt, syslog } from '../adapters/format/index.ts'
import { Line } from '../adapters/line/line.ts'
import { inTimeOrder } from './arrival.ts'
import { changelogs } from './changelogs.ts'
import { chunkings } from './chunkings.ts'
import { events } from './events.ts'
import { interleavings } from './interleavings.ts'
import { type LogFormat, logLines } from './log-lines.ts'
import { recorded } from './recorded.ts'
import { watermarks } from './watermarks.ts'

const smallest = <V>(arbitrary: fc.Arbitrary<V>, fails: (value: V) => boolean): V | undefined =>
  fc.check(
    fc.property(arbitrary, (value) => !fails(value)),
    { seed: 1, numRuns: 1_000 },
  ).counterexample?.[0]

test('1: changelogs', () => {
  const logs = changelogs({ value: fc.nat({ max: 3 }), key: fc.constantFrom('a', 'b'), span: 20 })
  fc.assert(
    fc.property(logs, (log) => {
      const rows = new Map<string, string>()
      for (const { key, value, time, diff } of log) {
        expect(rows.get(key)).toBe(diff === -1 ? `${value}@${time}` : undefined)
        if (diff === 1) rows.set(key, `${value}@${time}`)
        else rows.delete(key)
      }
    }),
  )
  expect(smallest(logs, (log) => log.some(({ diff }) => diff === -1))).toHaveLength(2)
})

test('2: interleavings', () => {
  const lists = [[1, 2, 3], [4, 5], [], [6]]
  fc.assert(
    fc.property(interleavings(lists), (all) => {
      expect(all.toSorted((a, b) => a - b)).toEqual(lists.flat())
      for (const list of lists) expect(all.filter((each) => list.includes(each))).toEqual(list)
    }),
  )
  expect(smallest(interleavings(lists), () => true)).toEqual(lists.flat())
  expect(smallest(interleavings(lists), ([first]) => first === 6)).toEqual([6, 1, 2, 3, 4, 5])
})

test('2: chunkings', () => {
  const bytes = new TextEncoder().encode('zwei Zeilen\nmit ä und 🙂\n')
  fc.assert(
    fc.property(chunkings(bytes), (chunks) => {
      expect(Buffer.concat(chunks)).toEqual(Buffer.from(bytes))
    }),
  )
  expect(smallest(chunkings(bytes), () => true)).toEqual([bytes])
})

const arriving = events({ value: fc.nat({ max: 3 }), span: 60, disorder: 5 })
function countLate(
  strategy: { create(): { onEvent(value: unknown, time: number): number } },
  all: readonly { readonly time: number }[],
): number {
  const generator = strategy.create()
  let watermark = -Infinity
  return all.filter(({ time }) => {
    const isLate = time < watermark
    watermark = Math.max(watermark, generator.onEvent(undefined, time))
    return isLate
  }).length
}

test('3: watermarks', () => {
  fc.assert(
    fc.property(watermarks({ disorder: 5 }), arriving, (strategy, all) => {
      expect(countLate(strategy, all)).toBe(0)
    }),
  )
  const hasty = fc.tuple(watermarks({ disorder: 5, haste: 5 }), arriving)
  const found = smallest(hasty, ([strategy, all]) => countLate(strategy, all) > 0)
  expect(found?.[1].length).toBeLessThanOrEqual(3)
})

test('4: recorded events', () => {
  const recording = Array.from({ length: 20 }, (_, i) => ({ value: i, time: i * 3 }))
  fc.assert(
    fc.property(recorded(recording, { disorder: 10 }), (all) => {
      expect(inTimeOrder(all).map(({ value, time }) => ({ value, time }))).toEqual(recording)
      expect(all.every(({ delay }) => delay <= 10)).toBe(true)
    }),
  )
  const isSwapped = (all: readonly { readonly time: number }[]): boolean =>
    all.some(({ time }, i) => time < (all[i - 1]?.time ?? -Infinity))
  const found = smallest(recorded(recording, { disorder: 10 }), isSwapped) ?? []
  expect(found).toHaveLength(2)
  expect(found.reduce((sum, { delay }) => sum + delay, 0)).toBeLessThanOrEqual(4)
})

const parsers: Readonly<Record<string, { parse(line: Line): unknown }>> = {
  json: json(),
  logfmt: logfmt(),
  common: common(),
  combined: combined(),
  syslog: syslog(),
}

/** The time that a parser finds in a line. */
function timeIn(format: string, text: string): unknown {
  const bytes = Buffer.from(text)
  const record = parsers[format]?.parse(new Line(bytes, 0, bytes.length, 'test', 1, 0))
  const time = typeof record === 'object' && record !== null && 'time' in record ? record.time : undefined
  return typeof time === 'string' ? Date.parse(time) : time
}

test.each(Object.keys(parsers))('5: lines of %s are read, with their time', (format) => {
  const lines = logLines({ format: format as LogFormat })
  fc.assert(
    fc.property(lines, (all) => {
      for (const { text, time } of all) {
        expect(text).not.toContain('\n')
        expect([text, time === undefined ? undefined : timeIn(format, text)]).toEqual([text, time])
      }
    }),
  )
  expect(smallest(lines, (all) => all.some(({ time }) => time === undefined))).toHaveLength(1)
  expect(smallest(lines, (all) => all.length > 2)?.every(({ time }) => time !== undefined)).toBe(true)
})

test('5: lines of csv', () => {
  fc.assert(
    fc.property(logLines({ format: 'csv', noise: 0 }), (all) => {
      for (const { text, time } of all) expect(Date.parse(text.split(',')[0] ?? '')).toBe(time)
    }),
  )
})
