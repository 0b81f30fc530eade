// What windows.md says of what windows hold, and until when.
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import {
  calendar,
  count,
  countWindow,
  cumulative,
  event,
  type Event,
  globalWindow,
  hopping,
  run,
  session,
  sliding,
  tumbling,
  type Watermark,
  watermark,
  type Windows,
} from '../index.ts'
import { window } from '../operators/index.ts'
import { tablesOf } from './fixtures/tables.ts'

const minute = 60_000
const allowedLateness = 5 * minute

/** Kinds of windows by their line in the table, with what each holds of one key after an event at 0 and one at 10 minutes. */
const lines: Readonly<Record<string, readonly (readonly [Windows, number, number])[]>> = {
  'of time, sessions, your own': [
    [tumbling('1h'), 1, 60],
    [tumbling('10m'), 2, 20],
    [calendar('day', 'UTC'), 1, 24 * 60],
    [session('15m'), 1, 25],
    [session('5m'), 2, 15],
    [{ name: 'all day', assign: () => [{ start: 0, end: 24 * 60 * minute }] }, 1, 24 * 60],
  ],
  'hopping, cumulative': [
    [hopping('20m', '10m'), 2, 30],
    [cumulative('30m', '10m'), 2, 30],
  ],
  sliding: [[sliding('10m'), 2, 20]],
  '`countWindow`, `globalWindow`': [
    [countWindow(100), 1, Infinity],
    [globalWindow(), 1, Infinity],
  ],
}

/** What windows hold of a key, when the watermark has come to each of these times. */
function entriesOf(windows: Windows, at: readonly number[]): readonly (number | undefined)[] {
  const hits = new Subject<Event<string> | Watermark>()
  const isOfTime = !('kind' in windows && windows.kind === 'count')
  const job = run(hits.pipe(window(windows, count(), isOfTime ? { allowedLateness } : {})), () => {})
  hits.next(event('a', 0))
  hits.next(event('b', 10 * minute))
  const entries = at.map((time) => {
    hits.next(watermark(time))
    return job.metrics().operators.find(({ name }) => name === 'window')?.entries
  })
  hits.complete()
  return entries
}

test('there is a line for each kind', () => {
  expect(tablesOf('docs/windows.md')[1]?.map(({ windows }) => windows)).toEqual(Object.keys(lines))
})

const kinds = Object.values(lines).flat()

test.each(kinds)('%o holds %i until the watermark reaches %i minutes and the lateness', (windows, held, until) => {
  const last = until * minute + allowedLateness
  if (until === Infinity) expect(entriesOf(windows, [0, 8.64e15, Infinity])).toEqual([held, held, 0])
  else if (windows === kinds.find(([{ name }]) => name === 'sliding(10m)')?.[0]) {
    // Right after the event at 10 minutes one may start that it is not in: only two milliseconds later is all over.
    expect(entriesOf(windows, [0, last + 2])).toEqual([held, 0])
  } else {
    const [first, before, after] = entriesOf(windows, [0, last - 1, last])
    expect({ first, isHeld: (before ?? 0) > 0, after }).toEqual({ first: held, isHeld: true, after: 0 })
  }
})
