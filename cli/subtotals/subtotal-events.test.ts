import { expect, test } from 'vitest'
import { ThreadPool } from '../../adapters/threads/thread-pool.ts'
import { run } from '../../lib/run.ts'
import type { Subtotal } from '../../lib/subtotals/subtotal.ts'
import type { Key } from '../../operators/key-by.ts'
import { values } from '../../operators/values.ts'
import { Failures } from '../failures.ts'
import type { Fields } from '../field.ts'
import { FieldsByName } from '../fields-by-name.ts'
import type { Plan } from './plan.ts'
import { noLines, type Range, type RangeSubtotals } from './range.ts'
import { subtotalEvents } from './subtotal-events.ts'
import { Tally } from './tally.ts'

const made = (end: number, subtotals: readonly Subtotal<Key, Fields>[]): RangeSubtotals => ({
  subtotals,
  end,
  counts: { ...noLines(), lines: 1 },
  failures: [],
  failed: 0,
  fields: [],
  lists: [],
})
const sum = (time: number, watermark?: number): Subtotal<Key, Fields> => ({
  key: 'a',
  time,
  accumulator: time,
  watermark,
})
/** Nobody looks into it. */
const plan = {} as Plan
const ranges = [0, 1].map((start): Range => ({ path: 'a.log', start, end: start + 1 }))

test.each([
  [11, false],
  [10, true],
  [9, true],
])(
  'a range with an event in a slice that ends at %i is read again behind a watermark of 10: %j',
  async (end, isAgain) => {
    const singles: number[] = []
    const read = ({ start }: Range, asSingle = false): RangeSubtotals => {
      if (asSingle) singles.push(start)
      return start === 0 ? made(20, [sum(12), sum(15, 10)]) : made(asSingle ? Infinity : end, [sum(8)])
    }
    const tally = new Tally(new FieldsByName(), new Failures(() => {}))
    const events = subtotalEvents({
      ranges,
      read,
      pool: new ThreadPool([], plan, () => (made: RangeSubtotals) => made),
      tally,
    })
    const times: number[] = []
    await run(events.pipe(values()), ({ time }) => void times.push(time)).done
    expect(times).toEqual([12, 15, 8])
    expect(singles).toEqual(isAgain ? [1] : [])
    expect(tally.lines).toBe(2)
  },
)
