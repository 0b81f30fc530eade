// Laws of the reader of times:
//
// 1. It reads what a time is printed as, whatever it read before: date and zone are remembered from one to the next.
// 2. The days of the calendar are those of `Date`.

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { dateFault, epochDay } from './civil.ts'
import { clfTimeReader } from './clf-time.ts'
import { clfTime } from './fixtures/clf-time.ts'

const day = 86_400_000
const first = Date.parse('0000-01-02T00:00:00Z')
const last = Date.parse('9999-12-28T00:00:00Z')

/** A few days and zones, so that they come again. */
const times = fc.array(
  fc.record({
    time: fc
      .tuple(fc.constantFrom(first, -day, 0, 951_696_000_000, 1_539_216_000_000, last), fc.nat({ max: 2 * 86_400 - 1 }))
      .map(([start, second]) => start + second * 1000),
    offset: fc.constantFrom(-1439, -720, -1, 0, 1, 330, 840, 1439),
  }),
  { minLength: 1, maxLength: 20 },
)

test.prop([times])('law 1: reads what was printed', (printed) => {
  const reader = clfTimeReader()
  for (const { time, offset } of printed) {
    const bytes = Buffer.from(`${clfTime(time, offset)}]`)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    expect(reader.read(view, 0, bytes.length)).toBe(time)
  }
})

test.prop([fc.nat({ max: 9999 }), fc.integer({ min: -1, max: 14 }), fc.integer({ min: -1, max: 33 })])(
  'law 2: has the days of Date',
  (year, month, dayOfMonth) => {
    const date = new Date(0)
    date.setUTCFullYear(year, month - 1, dayOfMonth)
    const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth
    expect(dateFault(year, month, dayOfMonth) === undefined).toBe(exists)
    if (exists) expect(epochDay(year, month, dayOfMonth) * day).toBe(date.getTime())
  },
)
